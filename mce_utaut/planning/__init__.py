"""What a planned study can find: Monte Carlo power from a population, before there are answers."""
