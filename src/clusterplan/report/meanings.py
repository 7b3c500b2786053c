"""What the terms of the value mean, in the words of the schema of plan.json."""

from __future__ import annotations

from functools import cache

from clusterplan.plan.schema import plan_schema


@cache
def term_meanings() -> dict[str, str]:
    """Return a sentence for each term of the objective, by name."""
    terms = plan_schema()["$defs"]["by_term"]["properties"]
    return {name: str(term["description"]) for name, term in terms.items()}
