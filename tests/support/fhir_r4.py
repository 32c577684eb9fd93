"""FHIR R4 (4.0.1) as far as Careline uses it: which elements there are, how often, and the codes they must have.

The library that Careline builds with knows R4B. What is valid there and passes here is valid in both.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

_ELEMENTS: dict[str, dict[str, list[Any]]] = json.loads(
    Path(__file__).with_name("fhir_r4.json").read_text(encoding="utf-8")
)["elements"]


def r4_faults(resource: dict[str, Any], kind: str | None = None, place: str = "") -> list[str]:
    """What R4 would not take in a resource; empty when it is valid as far as this goes."""
    kind = kind or resource["resourceType"]
    place = place or kind
    known = _ELEMENTS[kind]
    faults = [
        f"{place}.{name} is missing"
        for name, (least, *_rest) in known.items()
        if least and name not in resource and f"_{name}" not in resource
    ]
    for name, value in resource.items():
        if name == "resourceType":
            continue
        if name.lstrip("_") not in known:
            faults.append(f"{place}.{name} is no element of R4")
            continue
        faults += _faults_of(value, name, known[name.lstrip("_")], f"{place}.{name}")
    return faults


def bundle_faults(bundle: dict[str, Any]) -> list[str]:
    """What R4 would not take in a bundle and its resources, references that lead nowhere included."""
    faults = r4_faults(bundle)
    there = {entry["fullUrl"] for entry in bundle["entry"]}
    faults += [f"{each} leads nowhere" for each in _references(bundle) if each not in there]
    if len(there) != len(bundle["entry"]):
        faults.append("two entries have one fullUrl")
    return faults


def _faults_of(value: Any, name: str, element: list[Any], place: str) -> list[str]:
    _least, most, kind, *codes = element
    if (most == "*") != isinstance(value, list):
        return [f"{place} must{'' if most == '*' else ' not'} be a list"]
    if value in ([], {}, "", None):
        return [f"{place} is empty"]
    faults: list[str] = []
    for each in value if isinstance(value, list) else [value]:
        if name.startswith("_"):
            faults += [fault for part in each["extension"] for fault in r4_faults(part, "Extension", place)]
        elif kind == "Resource":
            faults += r4_faults(each)
        elif isinstance(each, dict):
            faults += r4_faults(each, kind, place)
        elif kind in _ELEMENTS:
            faults.append(f"{place} must be of the type {kind}")
        elif codes and each not in codes[0]:
            faults.append(f"{place} has a code that R4 does not know")
    return faults


def _references(part: Any) -> list[str]:
    if isinstance(part, dict):
        own = [part["reference"]] if isinstance(part.get("reference"), str) and "type" in part else []
        return own + [found for value in part.values() for found in _references(value)]
    return [found for each in part for found in _references(each)] if isinstance(part, list) else []
