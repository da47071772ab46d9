"""The figures of the report: each module draws one kind of figure from plain values, at any width."""
