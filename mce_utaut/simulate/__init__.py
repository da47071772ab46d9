"""Respondents drawn from a population written in YAML: a seed in, answers and their truth out."""
