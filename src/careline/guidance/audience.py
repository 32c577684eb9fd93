"""For whom an article is, in plain words."""

from __future__ import annotations

from careline.guidance.article import Article


def audience_sentence(article: Article) -> str:
    """Return for whom the article is, in plain words; empty for everybody."""
    low, high = article.audience.min_age_years, article.audience.max_age_years
    parts: list[str] = []
    if low is not None and high is not None:
        parts.append(f"people aged {_age(low)} to {_age(high)}")
    elif low is not None:
        parts.append(f"people aged {_age(low)} or over")
    elif high is not None:
        parts.append(f"children up to {_age(high)} old" if high < 18 else f"people up to {_age(high)} old")
    pregnancy = {"any": "", "not_pregnant": "people who are not pregnant", "pregnant_only": "pregnancy"}
    if pregnancy[article.audience.pregnancy]:
        parts.append(pregnancy[article.audience.pregnancy])
    return f"This page is for {' and '.join(parts)}." if parts else ""


def _age(years: float) -> str:
    if years < 2:
        months = round(years * 12)
        return f"{months} month{'' if months == 1 else 's'}"
    return f"{years:g} years"
