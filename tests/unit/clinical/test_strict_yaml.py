"""Reading YAML: the fast way for plain files says what the library says; what is unusual is read its way."""

import datetime as dt

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from careline.strict_yaml import content_of_yaml

_SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.dates(),
    st.text(),
    st.sampled_from(["yes", "no", "12", "1_0", "0x1f", "1e3", "2026-01-02", "~", "=", "<<", "a: b", "# a", "- a", ""]),
)
_CONTENT = st.recursive(
    _SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(_SCALARS, inner, max_size=4)),
    max_leaves=20,
)


@pytest.mark.slow  # a hundred texts of any kind
@settings(max_examples=50, deadline=None)
@given(_CONTENT, st.booleans())
def test_what_was_written_is_read_again(content, in_blocks):
    """Whatever the values, as lists and mappings in blocks or in brackets."""
    data = yaml.safe_dump(content, default_flow_style=not in_blocks, allow_unicode=True).encode()
    assert repr(content_of_yaml(data)) == repr(yaml.safe_load(data))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", None),
        ("when: 2026-11-29\nnumber: 1.50", {"when": dt.date(2026, 11, 29), "number": 1.5}),
        ("a: yes\nb: 'yes'\nc: !!str yes", {"a": True, "b": "yes", "c": "yes"}),
        ("a: &same [1, 2]\nb: *same", {"a": [1, 2], "b": [1, 2]}),
        ("a: >\n  one\n  two\nb: |\n  3\n", {"a": "one two\n", "b": "3\n"}),
    ],
)
def test_unusual_files_are_read_as_well(text, expected):
    """Tags, anchors, blocks, dates, an empty file."""
    assert content_of_yaml(text.encode()) == expected


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: 1\nb: 2\na: 3", r"the key 'a' stands twice(.|\n)*line 3"),
        ("a: {b: 1, b: 2}", r"the key 'b' stands twice"),
        ("a: 1\n---\nb: 2", "single document"),
        ("1: a\ntrue: b", "the key True stands twice"),
        ("a: [1, 2", "line 1"),
        ("a: *unknown", "undefined alias"),
        ("<<: {a: 1}", "could not determine a constructor"),
        ("a: !python/name:os.system", "could not determine a constructor"),
        ("a: &a [*a]", "recursive"),
        ("a: \x01", "not allowed"),
    ],
)
def test_a_bad_file_is_refused_with_what_is_wrong(text, problem):
    """The place is named, whichever way it was read first."""
    with pytest.raises(yaml.YAMLError, match=problem):
        content_of_yaml(text.encode())
