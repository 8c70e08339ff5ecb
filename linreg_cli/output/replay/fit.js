// The chart of the rows: points and line or, for several features, prediction against target.
"use strict";

const MAX_ERRORS = 40; // no errors are drawn with more points

const heightAt = ({ b, slopes: [m] }, x) => b + m * x;

function drawLine(svg) {
  const rows = replay.points?.values ?? [];
  const [feature] = features;
  const ends = rangeOf(
    rows.map((row) => row[0]),
    [feature.low, feature.high],
  );
  const xRange = padded(ends);
  const onBest = ends.map((end) => heightAt(best, end));
  let yRange = rangeOf(
    rows.map((row) => row[1]),
    [target.low, target.high, ...onBest],
  );
  for (const end of xRange) yRange = including(yRange, heightAt(weightsAt(0), end));
  const frame = drawFrame(svg, {
    x: { range: xRange, label: shortened(feature.label) },
    y: { range: padded(yRange), label: shortened(target.name) },
  });
  const { marks, x, y } = frame;
  drawDensity(frame);
  drawSpread(frame);
  const pathOf = (weights) => linePath(xRange.map((end) => [x(end), y(heightAt(weights, end))]));
  draw(marks, "path", { class: "best", d: pathOf(best) });
  const ghosts = draw(marks, "path", { class: "ghost" });
  const moveErrors = drawErrors(frame, rows);
  if (replay.points) drawRows(marks)(rows.map((row) => [x(row[0]), y(row[1])]));
  const line = draw(marks, "path", { class: "line", id: "line" });
  const note = drawNote(frame);
  return (number) => {
    const weights = weightsAt(number);
    line.setAttribute("d", pathOf(weights));
    ghosts.setAttribute(
      "d",
      doublings(number)
        .map((other) => pathOf(weightsAt(other)))
        .join(""),
    );
    moveErrors(weights);
    const [low, high] = rangeOf(xRange.map((end) => heightAt(weights, end)));
    const side = low > y.high ? "above" : "below";
    note(low <= y.high && high >= y.low ? "" : `The line is ${side} the chart`);
  };
}

// Returns epochs 0, 1, 2, 4, 8 and so on, below a limit.
function doublings(epoch) {
  const found = [0];
  for (let other = 1; other < epoch; other *= 2) found.push(other);
  return found;
}

// Returns the function that draws the errors of a few rows: from each row to the line.
function drawErrors({ marks, x, y }, rows) {
  const errors = draw(marks, "path", { class: "error" });
  return (weights) => {
    if (rows.length > MAX_ERRORS) return;
    const lines = rows.map(([at, seen]) =>
      linePath([seen, heightAt(weights, at)].map((height) => [x(at), y(height)])),
    );
    errors.setAttribute("d", lines.join(""));
  };
}

function drawPredictions(svg) {
  const { values } = replay.points;
  const predict = ({ b, slopes }, row) => slopes.reduce((sum, m, j) => sum + m * row[j], b);
  const range = rangeOf(
    values.map((row) => row.at(-1)),
    [target.low, target.high],
  );
  const first = weightsAt(0);
  let yRange = rangeOf(
    values.map((row) => predict(best, row)),
    range,
  );
  for (const row of values) yRange = including(yRange, predict(first, row));
  const frame = drawFrame(svg, {
    x: { range: padded(range), label: `${shortened(target.name)}, actual` },
    y: { range: padded(yRange), label: `${shortened(target.name)}, predicted` },
  });
  const { marks, x, y } = frame;
  draw(marks, "path", { class: "best", d: linePath(equalEnds(x, y)) });
  const dots = drawRows(marks);
  const note = drawNote(frame);
  return (number) => {
    const weights = weightsAt(number);
    const places = values.map((row) => [x(row.at(-1)), y(predict(weights, row))]);
    dots(places);
    const inside = places.filter((place) => isWithin(place, frame)).length;
    note(
      2 * inside >= places.length
        ? ""
        : `${figures(places.length - inside)} predictions are outside the chart`,
    );
  };
}

// Returns the ends of the line on which the prediction is equal to the target.
function equalEnds(x, y) {
  return [x.low, x.high].map((value) => [x(value), y(value)]);
}

// Returns the function that draws rows: training rows as dots, test rows as crosses.
function drawRows(marks) {
  const isMany = replay.points.rows > 400;
  const { isTest } = replay.points;
  const dots = draw(marks, "path", { class: "dots", "stroke-width": isMany ? 4 : 7.5 });
  const crosses = draw(marks, "path", { class: "crosses", "stroke-width": isMany ? 1.25 : 1.75 });
  return (places) => {
    const drawable = places
      .map((place, i) => [place, isTest?.[i] ?? 0])
      .filter(([place]) => allNumbers(place));
    const placesOf = (part) =>
      drawable.filter(([, its]) => its === part).map(([place]) => place);
    dots.setAttribute("d", dotPath(placesOf(0)));
    crosses.setAttribute("d", crossPath(placesOf(1), isMany ? 2.5 : 4));
  };
}

function drawDensity({ marks, x, y }) {
  const density = replay.points?.density;
  if (!density) return;
  const LEVELS = 8;
  const { low, high, counts } = density;
  const most = counts.flat().reduce((a, b) => Math.max(a, b), 2);
  const edges = (axis, count) =>
    Array.from({ length: count + 1 }, (_, i) => low[axis] + (i / count) * (high[axis] - low[axis]));
  const [xs, ys] = [edges(0, counts.length).map(x), edges(1, counts[0].length).map(y)];
  const paths = Array.from({ length: LEVELS }, () => []);
  counts.forEach((column, i) =>
    column.forEach((count, j) => {
      if (count === 0) return;
      const level = Math.min(LEVELS - 1, Math.floor((LEVELS * Math.log(count)) / Math.log(most)));
      paths[level].push(
        `M${clamped(xs[i])} ${clamped(ys[j])}H${clamped(xs[i + 1])}V${clamped(ys[j + 1])}H${clamped(xs[i])}Z`,
      );
    }),
  );
  paths.forEach((path, level) =>
    draw(marks, "path", {
      class: "cells",
      d: path.join(""),
      "fill-opacity": 0.1 + (0.8 * level) / (LEVELS - 1),
      "shape-rendering": "crispEdges",
    }),
  );
}

// Without rows, the moments give their mean and two standard deviations around it.
function drawSpread({ marks, x, y }) {
  if (replay.points || replay.correlation === null) return;
  const [feature] = features;
  const [slope, rest] = [replay.correlation, Math.sqrt(1 - replay.correlation ** 2)];
  const points = Array.from({ length: 121 }, (_, i) => {
    const [cos, sin] = [Math.cos((i * Math.PI) / 60), Math.sin((i * Math.PI) / 60)];
    return [
      x(feature.mean + 2 * feature.deviation * cos),
      y(target.mean + 2 * target.deviation * (slope * cos + rest * sin)),
    ];
  });
  draw(marks, "path", { class: "ring", d: linePath(points) });
  draw(marks, "path", {
    class: "dots",
    d: dotPath([[x(feature.mean), y(target.mean)]]),
    "stroke-width": 7.5,
  });
}
