"""A questionnaire as a page to look at in the browser, as respondents would see it."""

from mce_utaut.preview.page import preview

__all__ = ["preview"]
