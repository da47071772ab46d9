"""The drawings: what they show, that nothing overlaps, that text fits."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable

import pytest
from lxml import etree

from mce_utaut.report.figures.flow import Flow, Stop, draw_flow
from mce_utaut.report.figures.forest import Axis, Estimate, Group, draw_forest
from mce_utaut.report.figures.frame import Frame, mark
from mce_utaut.report.figures.heatmap import Square, draw_heatmap
from mce_utaut.report.figures.likert import LikertItem, LikertWords, Reach, Segment, category_classes, draw_likert
from mce_utaut.report.figures.path_diagram import Edge, Node, draw_path_diagram, layers
from mce_utaut.report.page import NARROW, WIDE, Page
from mce_utaut.report.sections.likert import segments_of
from mce_utaut.report.svg import Drawing, text_width, wrap
from mce_utaut.study.result import ItemStatistics, StudyResult

Box = tuple[float, float, float, float]
SVG = "{http://www.w3.org/2000/svg}"


def tree(drawing: Drawing) -> etree._Element:
    return etree.fromstring(str(drawing.markup()).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))


def text_boxes(drawing: Drawing, size: float = 11.0) -> list[tuple[str, Box]]:
    """The boxes of the texts, a little small (so that touching is no overlap)."""
    boxes = []
    for text in tree(drawing).iter(f"{SVG}text"):
        width = 0.9 * text_width(text.text or "", size)
        x, y = float(text.get("x", 0)), float(text.get("y", 0))
        left = {"middle": x - width / 2, "end": x - width}.get(text.get("text-anchor", "start"), x)
        boxes.append((text.text or "", (left, y - 0.75 * size, left + width, y)))
    return boxes


def overlapping(boxes: list[tuple[str, Box]]) -> list[tuple[str, str]]:
    return [
        (first, second)
        for (first, a), (second, b) in itertools.combinations(boxes, 2)
        if min(a[2], b[2]) - max(a[0], b[0]) > 1 and min(a[3], b[3]) - max(a[1], b[1]) > 1
    ]


def model(predictors: int, *, use: bool) -> tuple[list[Node], list[Edge]]:
    names = [f"P{i}" for i in range(predictors)]
    nodes = [Node(name, "Facilitating conditions", True) for name in names]
    nodes.append(Node("BI", "Behavioural intention", True, "R² = .52"))
    edges = [Edge(name, "BI", ".45 [−.31, .58]", 0.45, True) for name in names]
    if use:
        nodes.append(Node("USE3", "Involvement", False, "R² = .21"))
        edges += [Edge("BI", "USE3", ".42 [.33, .52]", 0.42, True)]
        edges += [Edge(names[-1], "USE3", ".12 [−.03, .27]", 0.12, False)]
    return nodes, edges


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("use", [False, True])
@pytest.mark.parametrize("predictors", [1, 4, 5, 8])
def test_a_path_diagram_is_clear_from_two_to_ten_variables(predictors: int, use: bool, width: float) -> None:
    nodes, edges = model(predictors, use=use)
    drawing = draw_path_diagram(Frame("d", width, "Title", "Text"), nodes, edges)
    boxes = text_boxes(drawing)
    assert not overlapping(boxes)
    assert all(box[0] >= -2 and box[2] <= width + 2 and box[1] >= 0 and box[3] <= drawing.height for _, box in boxes)
    label = {WIDE: (".45 [−.31, .58]",), NARROW: (".45", "[−.31, .58]")}[width]  # on a phone in two lines
    assert all(sum(text == line for text, _ in boxes) == predictors for line in label)


def test_latent_variables_are_ellipses_and_observed_ones_rectangles() -> None:
    nodes, edges = model(4, use=True)
    drawn = tree(draw_path_diagram(Frame("d", WIDE, "Title", "Text"), nodes, edges))
    assert len([e for e in drawn.iter(f"{SVG}ellipse") if e.get("class") == "node"]) == 5
    assert len([e for e in drawn.iter(f"{SVG}rect") if e.get("class") == "node"]) == 1


def test_a_path_whose_interval_holds_zero_is_dashed_and_a_larger_one_is_thicker() -> None:
    edges = [Edge("A", "Y", ".50", 0.5, True), Edge("B", "Y", ".10", 0.1, False)]
    nodes = [Node(name, name, True) for name in "ABY"]
    lines = {
        e.get("class"): float(e.get("stroke-width"))
        for e in tree(draw_path_diagram(Frame("d", WIDE, "T", "D"), nodes, edges)).iter(f"{SVG}path")
        if e.get("class") in ("path-strong", "path-weak")
    }
    assert lines["path-strong"] > lines["path-weak"]


def test_layers_follow_the_longest_chain() -> None:
    edges = [Edge("A", "B", "", 0, True), Edge("B", "C", "", 0, True), Edge("A", "C", "", 0, True)]
    assert layers(["A", "B", "C"], edges) == {"A": 0, "B": 1, "C": 2}


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_a_forest_keeps_a_row_for_what_was_not_estimated(width: float) -> None:
    rows = (
        Estimate(mark(0, "Students"), 0.4, 0.3, 0.5, ".40 [.30, .50]"),
        Estimate(mark(1, "Professors"), None, None, None, "not estimated"),
    )
    axis = Axis("Estimate", -0.2, 0.6, 0.0, lambda value: f"{value:.1f}")
    drawing = draw_forest(Frame("f", width, "T", "D"), (Group("PE → BI", rows),), axis)
    boxes = text_boxes(drawing)
    assert "not estimated" in [text for text, _ in boxes]
    assert not overlapping(boxes)


def test_a_forest_axis_holds_zero_and_every_interval() -> None:
    rows = (Estimate(mark(0, "A"), 1.2, 0.9, 1.5, "1.20"),)
    axis = Axis("Estimate", -0.2, 0.6, 0.0, lambda value: f"{value:.1f}")
    texts = [text for text, _ in text_boxes(draw_forest(Frame("f", WIDE, "T", "D"), (Group("g", rows),), axis))]
    ticks = [float(t) for t in texts if t.lstrip("-").replace(".", "").isdigit() and t != "1.20"]
    assert min(ticks) <= -0.2 and max(ticks) >= 1.5 and 0.0 in ticks


@pytest.mark.parametrize("k", [2, 5, 10])
@pytest.mark.parametrize("width", [520.0, NARROW])
def test_a_heat_map_holds_ten_constructs(k: int, width: float) -> None:
    names = tuple(f"C{i}" for i in range(k))
    square = Square(names, ((".85",) * k,) * k, ((0.85,) * k,) * k, frozenset({(1, 0)}))
    drawing = draw_heatmap(Frame("h", width, "T", "D"), square)
    assert not overlapping(text_boxes(drawing))
    assert drawing.width <= width + 1


@pytest.mark.parametrize("k", [4, 5, 7, 11])
def test_the_middle_of_a_scale_is_grey_and_the_ends_are_the_strongest(k: int) -> None:
    colours = [fill for fill, _ in category_classes(k)]
    assert len(colours) == k
    assert colours[0] == "n5" and colours[-1] == "p5"
    assert ("mid" in colours) == (k % 2 == 1)


def item(
    counts: tuple[int | None, ...], sides: tuple[int | None, int | None, int | None] | None, n: int
) -> ItemStatistics:
    return ItemStatistics(
        "PE1", "PE", True, "Text", n, 0, 0, 4.0, 1.0, 0.0, 0.0, None, None, 0.5, (1.0, 2.0, 3.0, 4.0, 5.0), counts,
        3.0, sides,
    )  # fmt: skip


def test_a_bar_joins_what_may_not_be_shown_alone(make_study: Callable[..., StudyResult]) -> None:
    page = Page(make_study(), "en")
    segments, left = segments_of(page, item((None, None, 20, 40, 30), (10, 20, 70), 100))
    assert segments is not None
    assert [(s.share, s.category) for s in segments] == [(0.1, None), (0.2, 2), (0.4, 3), (0.3, 4)]
    assert left == pytest.approx(0.2)


def test_a_bar_whose_left_side_is_hidden_shows_the_rest_as_one_piece(make_study: Callable[..., StudyResult]) -> None:
    page = Page(make_study(), "en")
    segments, left = segments_of(page, item((None, None, None, 60, 30), (None, None, 90), 100))
    assert segments is not None
    assert [(s.share, s.category) for s in segments] == [(0.1, None), (0.6, 3), (0.3, 4)]
    assert left == pytest.approx(0.1)


def test_a_bar_of_hidden_answers_is_not_drawn(make_study: Callable[..., StudyResult]) -> None:
    page = Page(make_study(), "en")
    assert segments_of(page, item((None,) * 5, (None, None, None), 8))[0] is None
    assert segments_of(page, item((None,) * 5, None, 8))[0] is None


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_bars_have_the_whole_text_of_their_items(width: float) -> None:
    text = " ".join(["Lavorare a microcredenziali rende migliore la qualità di ciò che insegno"] * 2)
    segments = (Segment(0.4, "40", 0), Segment(0.6, "60", 2))
    item = LikertItem("PE1", text, segments, 0.4, "", 0.0, "0", "10", "0", "3.4")
    scale = ("Né d’accordo né in disaccordo, per quanto posso dire", "Sì", "No")
    parts = (("PE", "first", (item,)), ("PE", "second", (item,)))
    frame = Frame("f", width, "Title", "")
    key, *pieces = draw_likert(frame, parts, LikertWords(scale, "", "n", "m", "M"), Reach(0.5, 0.6, 0.1))
    for piece, heads in zip(pieces, (1, 0), strict=True):
        said = [each.text for each in tree(piece).iter(f"{SVG}text")]
        assert text in " ".join(said) and said.count("PE") == heads
    assert scale[0] in " ".join(each.text for each in tree(key).iter(f"{SVG}text"))


def test_wrapped_text_fits_its_width_and_says_that_it_was_cut() -> None:
    lines = wrap("A rather long sentence that will not fit on two lines of this width", 12, 120, 2)
    assert len(lines) == 2 and lines[-1].endswith("…")
    assert all(text_width(line, 12) <= 120 for line in lines)
    assert text_width(wrap("w" * 5000, 12, 120, 2)[0], 12) <= 120


def test_a_drawing_escapes_its_text() -> None:
    drawing = Drawing("d", 100, 20, "<title>", "a & b")
    drawing.text(0, 10, "<script>\x00")
    assert tree(drawing).find(f"{SVG}text").text == "<script>"


@pytest.mark.parametrize("roles", [1, 3])
def test_on_a_phone_no_line_of_the_flow_runs_through_a_label(roles: int) -> None:
    labels = ("Answers received", "Failed an item of attention", "People analysed")
    values = ("n = 9", "−4", "n = 5")
    stops = tuple(Stop(label, (v,) * roles, v != "−4") for label, v in zip(labels, values, strict=True))
    marks = tuple(mark(i, "Role") for i in range(roles))
    drawing = draw_flow(Frame("flow", NARROW, "Flow", "Flow"), Flow(marks, stops))
    root = etree.fromstring(str(drawing.markup()).encode())
    lines = [[float(each.get(name)) for name in ("x1", "y1", "y2")] for each in root.iter("{*}line")
             if each.get("x1") == each.get("x2")]  # fmt: skip
    for path in root.iter("{*}path"):
        found = re.fullmatch(r"M([\d.]+) ([\d.]+)V([\d.]+)", path.get("d", ""))
        lines += [[float(each) for each in found.groups()]] if found else []
    assert len(lines) == 2 * roles
    for text in root.iter("{*}text"):
        said = "".join(text.itertext())
        if said in labels:
            x, y = float(text.get("x")), float(text.get("y"))
            end = x + text_width(said, 12.5, bold="b" in text.get("class", "").split())
            assert not any(x <= at <= end and top < y and bottom > y - 9 for at, top, bottom in lines), said
