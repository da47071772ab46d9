"""Engines beside our own: estimates from other packages."""
