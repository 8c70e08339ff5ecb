// The chart of the loss over m and b, with the path of the descent.
"use strict";

let chooseStart = () => null; // returns the weights at a place of the chart, or null

// Returns the gap at the start of the training in the model.
function baseGap() {
  const first = firstWeights(asTrained.start);
  const gap =
    squaredResidual(
      replay.compressed.X,
      first.map((w, j) => w - replay.optimum[j]),
    ) / replay.compressed.n;
  return gap || replay.bestLoss || target.deviation ** 2 || 1;
}

// Returns the ranges of m and b. They hold the level set of the start or, if that is long and thin,
// the part near the descent; and a chosen start.
function planeRanges(shape, gap) {
  const room = run.stopped === "diverged" ? 2.1 : 1.25;
  const box = levelBox(shape, gap).map((half) => (Number.isFinite(half) ? half : 1));
  const away = ({ b, slopes: [m] }) => [Math.abs(b - best.b), Math.abs(m - best.slopes[0])];
  const trained = away(toColumns(replay, firstWeights(asTrained.start)));
  const NEAR = 4; // times as far from the optimum as the start
  const share = Math.min(1, NEAR * Math.max(...trained.map((size, i) => size / box[i]))) || 1;
  const chosen = away(weightsAt(0));
  const [halfB, halfM] = box.map((half, i) => Math.max(half * share * room, 1.08 * chosen[i]));
  return [
    [best.slopes[0] - halfM, best.slopes[0] + halfM],
    [best.b - halfB, best.b + halfB],
  ];
}

function drawPlane(svg) {
  const shape = curvature(replay);
  const gap = baseGap();
  const [mRange, bRange] = planeRanges(shape, gap);
  const frame = drawFrame(svg, {
    x: { range: mRange, label: "slope m" },
    y: { range: bRange, label: hasOrigin ? INTERCEPT : "intercept b" },
  });
  const { marks, x, y } = frame;
  const place = ({ b, slopes: [m] }) => [x(m), y(b)];
  drawLevels(frame, shape, gap);
  const [atX, atY] = place(best);
  draw(marks, "path", { class: "optimum", d: `M${atX - 6} ${atY}h12M${atX} ${atY - 6}v12` });
  svg.classList.add("can-choose");
  chooseStart = (left, top) => {
    const share = (value, scale) =>
      scale.low + ((value - scale.from) / (scale.to - scale.from)) * (scale.high - scale.low);
    if (left < x.from || left > x.to || top < y.to || top > y.from) return null;
    return { b: share(top, y), slopes: [share(left, x)] };
  };
  return drawPath(frame, (number) => place(weightsAt(number)));
}

// Draws level sets, each with half the gap of the one around it, and writes the loss on some.
function drawLevels({ marks, x, y, frame }, shape, gap) {
  const OUTERMOST = 7;
  const labels = [];
  for (let i = OUTERMOST; i > -10; i--) {
    const level = levelSet(shape, gap * 2 ** i, 240).map(([db, dm]) => [
      x(best.slopes[0] + dm),
      y(best.b + db),
    ]);
    draw(marks, "path", { class: "level", d: `${linePath(level)}Z` });
    const top = level.reduce((a, b) => (b[1] < a[1] ? b : a));
    const isInside =
      top[0] > frame.x + 40 && top[0] < frame.x + frame.width - 40 && top[1] > frame.y + 8;
    if (i % 2 === 0 && isInside && labels.every(([, height]) => Math.abs(height - top[1]) > 26)) {
      labels.push([top[0], top[1], replay.bestLoss + gap * 2 ** i]);
    }
  }
  for (const [left, top, loss] of labels) {
    draw(
      marks,
      "text",
      { class: "level-text", x: left, y: top + 4, "text-anchor": "middle" },
      figures(loss, 3),
    );
  }
}

function drawParabola(svg) {
  const gap = baseGap();
  const slopeOf = (number) => weightsAt(number).slopes[0];
  const room = run.stopped === "diverged" ? 2.1 : 1.25;
  const { compressed, scales } = replay;
  const bend = squaredResidual(compressed.X, scales) / compressed.n; // 0 for a feature of zeros
  const half = Math.max(
    bend ? Math.sqrt(gap / bend) * room : 1,
    1.08 * Math.abs(slopeOf(0) - best.slopes[0]),
  );
  const range = [best.slopes[0] - half, best.slopes[0] + half];
  const lossOf = (m) => replay.bestLoss + bend * (m - best.slopes[0]) ** 2;
  const frame = drawFrame(svg, {
    x: { range, label: "slope m" },
    y: { range: padded([replay.bestLoss, lossOf(range[0])], 0.04), label: "loss" },
  });
  const { marks, x, y } = frame;
  const curve = Array.from({ length: 161 }, (_, i) => range[0] + (i / 160) * 2 * half);
  draw(marks, "path", { class: "best", d: linePath(curve.map((m) => [x(m), y(lossOf(m))])) });
  svg.classList.add("can-choose");
  chooseStart = (left) => {
    if (left < x.from || left > x.to) return null;
    return { b: 0, slopes: [range[0] + ((left - x.from) / (x.to - x.from)) * 2 * half] };
  };
  return drawPath(frame, (number) => [x(slopeOf(number)), y(run.losses[number])]);
}

// Draws the path of a descent faintly, and returns the function that draws the part until an epoch.
function drawPath(frame, place) {
  const { marks } = frame;
  const places = played.map(place);
  draw(marks, "path", { class: "ghost", d: linePath(places) });
  const walked = draw(marks, "path", { class: "line", id: "path" });
  const steps = draw(marks, "path", { class: "steps" });
  const [startX, startY] = places[0].map(clamped);
  draw(marks, "circle", { class: "start-dot", cx: startX, cy: startY, r: 5 });
  const dot = draw(marks, "circle", { class: "now-dot", r: 7, id: "walker" });
  const note = drawNote(frame);
  return (number) => {
    const until = played.filter((other) => other <= number).length;
    const now = place(number);
    const way = [...places.slice(0, until), now];
    walked.setAttribute("d", linePath(way));
    steps.setAttribute("d", dotPath(way.filter(allNumbers)));
    dot.setAttribute("visibility", allNumbers(now) ? "visible" : "hidden");
    dot.setAttribute("cx", clamped(now[0]) || 0);
    dot.setAttribute("cy", clamped(now[1]) || 0);
    note(isWithin(now, frame) ? "" : "The weights are outside the chart");
  };
}
