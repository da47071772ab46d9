"""Coded themes: what people said in their own words, coded by people, counted and checked here."""
