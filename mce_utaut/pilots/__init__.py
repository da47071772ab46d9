"""Pilots: proposals to coded descriptors of the report's dimensions, what they cover, whom they reach."""
