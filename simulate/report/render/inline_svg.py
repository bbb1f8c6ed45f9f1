"""SVG pictures inside a page: small, without a style sheet, every id unique."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

_SVG = "{http://www.w3.org/2000/svg}"
_HREF = "{http://www.w3.org/1999/xlink}href"
_DESCRIBED = (f"{_SVG}title", f"{_SVG}desc")
_POINTED = re.compile(r"(?<=#)[^\s)\"']+")
_LONG_NUMBER = re.compile(r"-?\d+\.\d{2,}")
_FONT = re.compile(r"(?:(\w+) )?([\d.]+px) .*")

# From a picture's own style element, which inside a page would affect the whole of it.
_INHERITED = {"stroke-linejoin": "round", "stroke-linecap": "butt"}


def inline_svg(data: bytes, prefix: str) -> str:
    """An SVG element for an HTML page, from `figure_bytes` with letters as text.

    Styles become attributes, so that a page can forbid styles; fonts are left to the page;
    coordinates keep one decimal, a tenth of a point. The prefix, unique to each picture of the
    page, precedes all ids.
    """
    ET.register_namespace("", _SVG[1:-1])
    root = ET.fromstring(data)  # noqa: S314  (our own picture)
    for parent in tuple(root.iter()):
        for child in tuple(parent):
            if child.tag in (f"{_SVG}metadata", f"{_SVG}style"):
                parent.remove(child)
    pointed = set()
    for element in root.iter():
        pointed |= set(_POINTED.findall(" ".join(element.attrib.values())))
        pointed |= set(element.attrib.get("aria-labelledby", "").split())
    for element in root.iter():
        _tidy(element, prefix, pointed)
    for name in ("width", "height"):
        root.attrib[name] = root.attrib[name].removesuffix("pt")
    root.attrib |= _INHERITED
    return ET.tostring(root, encoding="unicode")


def _tidy(element: ET.Element, prefix: str, pointed: set[str]) -> None:
    if element.tag not in (*_DESCRIBED, f"{_SVG}text", f"{_SVG}tspan"):
        element.text = None
    element.tail = None
    attributes = dict(element.attrib)
    name = attributes.pop("id", "")
    if name in pointed:
        attributes["id"] = f"{prefix}-{name}"
    for part in attributes.pop("style", "").split(";"):
        key, colon, value = part.partition(":")
        if colon:
            attributes[key.strip()] = value.strip()
    attributes |= _font(attributes.pop("font", ""))
    attributes.pop("font-family", None)
    if _HREF in attributes:
        attributes["href"] = attributes.pop(_HREF)
    if named := attributes.get("aria-labelledby"):
        attributes["aria-labelledby"] = " ".join(f"{prefix}-{part}" for part in named.split())
    element.attrib.clear()
    element.attrib |= {key: _value(key, value, prefix) for key, value in attributes.items()}


def _font(words: str) -> dict[str, str]:
    """The shorthand `bold 12.5px 'DejaVu Sans'`, which is not an attribute, as attributes."""
    match = _FONT.fullmatch(words)
    found = {"font-weight": match[1], "font-size": match[2]} if match else {}
    return {key: value for key, value in found.items() if value}


def _value(key: str, value: str, prefix: str) -> str:
    if key == "href" or value.startswith("url("):
        return _POINTED.sub(lambda match: f"{prefix}-{match[0]}", value)
    if key in ("d", "x", "y"):
        rounded = _LONG_NUMBER.sub(lambda m: f"{float(m[0]):.1f}".removesuffix(".0"), value)
        return " ".join(rounded.split())
    return value
