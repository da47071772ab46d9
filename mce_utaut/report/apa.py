"""Numbers as the APA manual prints them (7th edition, sections 6.36, 6.43 and 6.44), per language.

English drops the zero before the decimal point of a value that cannot exceed 1 in absolute size.
Italian writes a decimal comma and keeps the zero: ``,45`` is not Italian, and in ``[0,31; 0,58]`` the
zero is what keeps the bounds apart.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from mce_utaut.study.result import Interval

MINUS = "−"
DASH = "—"
LARGEST_PLAIN = 1e6


@dataclass(frozen=True, slots=True)
class NumberStyle:
    """How numbers look in a language. Every method returns text; an undefined value is an em dash."""

    decimal: str = "."
    thousands: str = ","
    keep_zero: bool = False
    between: str = ", "

    def number(self, value: float | None, digits: int = 2) -> str:
        """``value`` with ``digits`` decimals; sizes from a million on as powers of ten."""
        if not _defined(value):
            return DASH
        if abs(value) >= LARGEST_PLAIN:
            exponent = math.floor(math.log10(abs(value)))
            mantissa = self.number(value / 10.0**exponent, 2)
            return f"{mantissa} × 10{_superscript(exponent)}"
        text = f"{abs(value):,.{digits}f}"
        sign = MINUS if value < 0 and any(c in "123456789" for c in text) else ""
        text = text.replace(",", "\0").replace(".", self.decimal).replace("\0", self.thousands)
        return sign + text

    def small(self, value: float | None, digits: int = 2) -> str:
        """``value`` with ``digits`` decimals, or as many more (up to four) as keep it from reading zero."""
        if not _defined(value) or value == 0:
            return self.number(value, digits)
        while digits < 4 and abs(value) < 0.5 * 10.0**-digits:
            digits += 1
        return self.number(value, digits)

    def bounded(self, value: float | None, digits: int = 2) -> str:
        """A value that cannot exceed 1 in absolute size (correlation, share, loading, p)."""
        text = self.number(value, digits)
        if self.keep_zero:
            return text
        zero = f"0{self.decimal}"
        if text.startswith(zero):
            return text[1:]
        if text.startswith(MINUS + zero):
            return MINUS + text[2:]
        return text

    def bound(self, value: float | None, digits: int = 2) -> str:
        """A bounded interval end: the sign stays where the end rounds to zero from below."""
        text = self.bounded(value, digits)
        if _defined(value) and value < 0 and not text.startswith(MINUS):
            return MINUS + text
        return text

    def integer(self, value: float | None) -> str:
        """A count."""
        return self.number(value, 0)

    def percent(self, share: float | None, digits: int = 0) -> str:
        """A share of 1 as a percentage; ``< 1%`` where a share above zero would read as zero."""
        if not _defined(share):
            return DASH
        if digits == 0 and 0.0 < share < 0.005:
            return "< 1%"
        return f"{self.number(100.0 * share, digits)}%"

    def p(self, value: float | None, digits: int = 3) -> str:
        """A p value to three digits; the extremes as ``< .001`` and ``> .999``."""
        if not _defined(value):
            return DASH
        smallest = 10.0**-digits
        if value < smallest:
            return f"< {self.bounded(smallest, digits)}"
        if value > 1.0 - smallest:
            return f"> {self.bounded(1.0 - smallest, digits)}"
        return self.bounded(value, digits)

    def p_equals(self, value: float | None, digits: int = 3) -> str:
        """``p = .012``, ``p < .001`` or ``p > .999``."""
        text = self.p(value, digits)
        return f"p {text}" if text[:1] in "<>" else f"p = {text}"

    def range(self, interval: Interval, digits: int = 2, *, bounded: bool = False) -> str:
        """``[.31, .58]``; an em dash where an end is undefined."""
        if not (_defined(interval.lower) and _defined(interval.upper)):
            return DASH
        show = self.bound if bounded else self._plain_bound
        return f"[{show(interval.lower, digits)}{self.between}{show(interval.upper, digits)}]"

    def estimate(self, interval: Interval, digits: int = 2, *, bounded: bool = False) -> str:
        """``.45 [.31, .58]``; the estimate alone where the interval is undefined."""
        point = self.bounded(interval.estimate, digits) if bounded else self.number(interval.estimate, digits)
        ends = self.range(interval, digits, bounded=bounded)
        return point if ends == DASH else f"{point} {ends}"

    def _plain_bound(self, value: float | None, digits: int) -> str:
        text = self.number(value, digits)
        return MINUS + text if _defined(value) and value < 0 and not text.startswith(MINUS) else text


_ENGLISH = NumberStyle()
_WITH_COMMA = NumberStyle(decimal=",", thousands=".", keep_zero=True, between="; ")


def style_of(language: str) -> NumberStyle:
    """How numbers look in ``language``: with a comma in all languages of the consortium but English."""
    return _ENGLISH if language == "en" else _WITH_COMMA


def _defined(value: float | None) -> bool:
    return value is not None and math.isfinite(value)


def _superscript(exponent: int) -> str:
    return str(exponent).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
