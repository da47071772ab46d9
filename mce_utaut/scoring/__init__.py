"""Reliability, validity and description of scales: arrays in, frozen values out.

Knows no questionnaire and no file. Every array of answers has one row per respondent and NaN where an
answer is missing; reverse-keyed items have been turned round before they come here. What is not defined
(one item, no variance, too few rows) is NaN, never a substitute.
"""
