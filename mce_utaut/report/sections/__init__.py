"""One module per section: ``build(page)`` returns what the template of the same name shows."""
