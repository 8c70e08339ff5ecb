// The page: its pictures, what plays them, and the form that trains again.
"use strict";

const byId = (id) => document.getElementById(id);
const replay = JSON.parse(byId("data").textContent);
const features = replay.columns.slice(0, -1);
const target = replay.columns.at(-1);
const isLine = features.length === 1; // else a plane
const MAX_SERIES = 6; // as many as have a colour of their own
const MAX_NAMED = 30; // as many as a command names
const MAX_ERRORS = 40; // with more points their errors are not drawn

const asTrained = {
  start: { kind: replay.start.kind, seed: replay.start.seed },
  learningRate: replay.learningRate,
  epochs: Math.min(replay.epochs, replay.maxEpochs),
};

// What the reader chose, and what follows from it.
let training = { ...asTrained };
let run;
let played; // the epochs that are played
let epoch = 0;
let updates = []; // of each picture, from an epoch
let timer = null; // while it plays

// the training

function firstWeights({ kind, seed, weights }) {
  if (kind === "chosen") return toScaled(replay, weights);
  if (kind === "zeros") return replay.optimum.map(() => 0);
  return replay.randomStarts.find((start) => start.seed === seed).weights;
}

function train() {
  const wasLast = !run || epoch === run.last;
  run = descend(replay, { ...training, start: firstWeights(training.start) });
  played = playedEpochs(run.last);
  epoch = wasLast ? run.last : Math.min(epoch, run.last);
  byId("epoch").max = played.length - 1;
  drawPictures();
}

function drawPictures() {
  updates = PICTURES.filter(([id]) => !byId(`${id}-figure`).hidden).map(([id, picture]) => picture(byId(id)));
  showTraining();
  showEpoch();
}

const weightsAt = (number) => toColumns(replay, run.weightsAt(number));
const best = toColumns(replay, replay.optimum);
const allNumbers = (numbers) => numbers.every(Number.isFinite);

function rangeOf(values, also = []) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of [values, also].flat()) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

// Widens a range to hold a value, unless that makes the rest of it small.
function including([low, high], value) {
  const wider = [Math.min(low, value), Math.max(high, value)];
  return wider[1] - wider[0] <= 2.2 * (high - low) ? wider : [low, high];
}

// points and line

function drawFit(svg) {
  return isLine ? drawLine(svg) : drawPredictions(svg);
}

function drawLine(svg) {
  const shownRows = replay.points?.values ?? [];
  const [feature] = features;
  const xRange = padded(rangeOf(shownRows.map((row) => row[0]), [feature.low, feature.high]));
  const heightOf = ({ b, slopes: [m] }) => (x) => b + m * x;
  const heights = [feature.low, feature.high].map(heightOf(best));
  let yRange = rangeOf(shownRows.map((row) => row[1]), [target.low, target.high, ...heights]);
  for (const height of xRange.map(heightOf(weightsAt(0)))) yRange = including(yRange, height);
  const frame = drawFrame(svg, {
    x: { range: xRange, label: shortened(feature.name) },
    y: { range: padded(yRange), label: shortened(target.name) },
  });
  const { marks, x, y } = frame;
  drawDensity(frame);
  drawSpread(frame);
  const pathOf = (weights) => linePath(xRange.map((value) => [x(value), y(heightOf(weights)(value))]));
  draw(marks, "path", { class: "best", d: pathOf(best) });
  const ghosts = draw(marks, "path", { class: "ghost" });
  const errors = draw(marks, "path", { class: "error" });
  if (replay.points) drawRows(marks)(shownRows.map((row) => [x(row[0]), y(row[1])]));
  const line = draw(marks, "path", { class: "line", id: "line" });
  const note = drawNote(frame);
  return (number) => {
    const weights = weightsAt(number);
    const height = heightOf(weights);
    line.setAttribute("d", pathOf(weights));
    const doublings = Array.from({ length: 24 }, (_, i) => (i ? 2 ** (i - 1) : 0)).filter((i) => i < number);
    ghosts.setAttribute("d", doublings.map((i) => pathOf(weightsAt(i))).join(""));
    const hasErrors = shownRows.length <= MAX_ERRORS;
    errors.setAttribute("d", hasErrors ? shownRows.map(([at, seen]) => linePath([[x(at), y(seen)], [x(at), y(height(at))]])).join("") : "");
    const [low, high] = rangeOf(xRange.map(height));
    const side = low > y.high ? "above" : "below";
    note(low <= y.high && high >= y.low ? "" : `The line is ${side} the picture`);
  };
}

function drawPredictions(svg) {
  const { values } = replay.points;
  const predict = ({ b, slopes }, row) => slopes.reduce((sum, m, j) => sum + m * row[j], b);
  const range = rangeOf(values.map((row) => row.at(-1)), [target.low, target.high]);
  const first = weightsAt(0);
  let yRange = rangeOf(values.map((row) => predict(best, row)), range);
  for (const row of values) yRange = including(yRange, predict(first, row));
  const frame = drawFrame(svg, {
    x: { range: padded(range), label: `${shortened(target.name)}, as it is` },
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
    note(2 * inside >= places.length ? "" : `${figures(places.length - inside)} predictions are outside the picture`);
  };
}

// The line on which a prediction is the target.
function equalEnds(x, y) {
  return [x.low, x.high].map((value) => [x(value), y(value)]);
}

// Gives what draws rows as dots at some places, those of the test part in another colour.
function drawRows(marks) {
  const width = replay.points.rows > 400 ? 4 : 7.5;
  const { isTest } = replay.points;
  const parts = [0, 1].map((part) =>
    draw(marks, "path", { class: part ? "dots test" : "dots", "stroke-width": width }),
  );
  return (places) => {
    const drawable = places.map((place, i) => [place, isTest?.[i] ?? 0]).filter(([place]) => allNumbers(place));
    parts.forEach((path, part) =>
      path.setAttribute("d", dotPath(drawable.filter(([, its]) => its === part).map(([place]) => place))),
    );
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
      if (count < 2) return; // a row that is alone in its cell is a dot
      const level = Math.min(LEVELS - 1, Math.floor((LEVELS * Math.log(count)) / Math.log(most)));
      paths[level].push(`M${clamped(xs[i])} ${clamped(ys[j])}H${clamped(xs[i + 1])}V${clamped(ys[j + 1])}H${clamped(xs[i])}Z`);
    }),
  );
  paths.forEach((path, level) =>
    draw(marks, "path", {
      class: "cells", d: path.join(""), "fill-opacity": 0.1 + (0.8 * level) / (LEVELS - 1), "shape-rendering": "crispEdges",
    }),
  );
}

// Without rows the sums still tell where they lie: two standard deviations around the mean.
function drawSpread({ marks, x, y }) {
  if (replay.points || replay.correlation === null) return;
  const [feature] = features;
  const [slope, rest] = [replay.correlation, Math.sqrt(1 - replay.correlation ** 2)];
  const points = Array.from({ length: 121 }, (_, i) => {
    const [cos, sin] = [Math.cos((i * Math.PI) / 60), Math.sin((i * Math.PI) / 60)];
    return [x(feature.mean + 2 * feature.deviation * cos), y(target.mean + 2 * target.deviation * (slope * cos + rest * sin))];
  });
  draw(marks, "path", { class: "ring", d: linePath(points) });
  draw(marks, "path", { class: "dots", d: dotPath([[x(feature.mean), y(target.mean)]]), "stroke-width": 7.5 });
}

// Gives what writes across a frame: that something has left it.
function drawNote({ svg, frame }) {
  const middle = frame.x + frame.width / 2;
  const text = draw(svg, "text", { class: "beyond", x: middle, y: frame.y + 18, "text-anchor": "middle" });
  return (words) => {
    text.textContent = words;
  };
}

const isWithin = ([x, y], { frame }) =>
  x >= frame.x && x <= frame.x + frame.width && y >= frame.y && y <= frame.y + frame.height;

// the loss surface

function drawSurface(svg) {
  if (!isLine) return drawWeights(svg);
  return replay.hasIntercept ? drawPlane(svg) : drawParabola(svg);
}

// Gives the gap of the level through the start of the training as it was.
function baseGap() {
  const first = firstWeights(asTrained.start);
  const gap = squaredResidual(replay.miniature.X, first.map((w, j) => w - replay.optimum[j])) / replay.miniature.n;
  return gap || replay.bestLoss || target.deviation ** 2 || 1;
}

// Frames the level set of the start, but of a long and thin one only what the descent comes near to;
// wide enough for a chosen start and for a step too far.
function planeRanges(shape, gap) {
  const room = run.stopped === "diverged" ? 2.1 : 1.25;
  const box = levelBox(shape, gap).map((half) => (Number.isFinite(half) ? half : 1));
  const away = ({ b, slopes: [m] }) => [Math.abs(b - best.b), Math.abs(m - best.slopes[0])];
  const trained = away(toColumns(replay, firstWeights(asTrained.start)));
  const share = Math.min(1, 4 * Math.max(...trained.map((size, i) => size / box[i]))) || 1;
  const chosen = away(weightsAt(0));
  const [halfB, halfM] = box.map((half, i) => Math.max(half * share * room, 1.08 * chosen[i]));
  return [[best.slopes[0] - halfM, best.slopes[0] + halfM], [best.b - halfB, best.b + halfB]];
}

function drawPlane(svg) {
  const shape = curvature(replay);
  const gap = baseGap();
  const [mRange, bRange] = planeRanges(shape, gap);
  const frame = drawFrame(svg, {
    x: { range: mRange, label: "slope m" },
    y: { range: bRange, label: "intercept b" },
  });
  const { marks, x, y } = frame;
  const place = ({ b, slopes: [m] }) => [x(m), y(b)];
  drawLevels(frame, shape, gap);
  const [atX, atY] = place(best);
  draw(marks, "path", { class: "optimum", d: `M${atX - 6} ${atY}h12M${atX} ${atY - 6}v12` });
  svg.classList.add("can-choose");
  chooseStart = (left, top) => {
    const share = (value, scale) => scale.low + ((value - scale.from) / (scale.to - scale.from)) * (scale.high - scale.low);
    if (left < x.from || left > x.to || top < y.to || top > y.from) return null;
    return { b: share(top, y), slopes: [share(left, x)] };
  };
  return drawPath(frame, (number) => place(weightsAt(number)));
}

// Draws level sets, each half of the next one's gap, and writes the loss on some.
function drawLevels({ marks, x, y, frame }, shape, gap) {
  const OUTERMOST = 7;
  const labels = [];
  for (let i = OUTERMOST; i > -10; i--) {
    const level = levelSet(shape, gap * 2 ** i, 240).map(([db, dm]) => [x(best.slopes[0] + dm), y(best.b + db)]);
    draw(marks, "path", { class: "level", d: `${linePath(level)}Z` });
    const top = level.reduce((a, b) => (b[1] < a[1] ? b : a));
    const isInside = top[0] > frame.x + 40 && top[0] < frame.x + frame.width - 40 && top[1] > frame.y + 8;
    if (i % 2 === 0 && isInside && labels.every(([, height]) => Math.abs(height - top[1]) > 26)) {
      labels.push([top[0], top[1], replay.bestLoss + gap * 2 ** i]);
    }
  }
  for (const [left, top, loss] of labels) {
    draw(marks, "text", { class: "level-text", x: left, y: top + 4, "text-anchor": "middle" }, figures(loss, 3));
  }
}

function drawParabola(svg) {
  const gap = baseGap();
  const slopeOf = (number) => weightsAt(number).slopes[0];
  const room = run.stopped === "diverged" ? 2.1 : 1.25;
  const { miniature, scales } = replay;
  const bend = squaredResidual(miniature.X, scales) / miniature.n; // 0 for a feature of zeros
  const half = Math.max(bend ? Math.sqrt(gap / bend) * room : 1, 1.08 * Math.abs(slopeOf(0) - best.slopes[0]));
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

// Draws the way of a descent: all of it faint, what was walked strong; gives what walks it.
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
    note(isWithin(now, frame) ? "" : "The descent has left the picture");
  };
}

// the weights of several features

function drawWeights(svg) {
  // one standard deviation of a feature is what makes its weight comparable
  const effect = ({ slopes }) => slopes.map((m, j) => m * features[j].deviation);
  const bestEffects = effect(best);
  const effects = played.map((number) => effect(weightsAt(number)));
  const largest = Math.max(...[bestEffects, effects[0]].flat().map(Math.abs)) || 1;
  const [low, high] = rangeOf(effects.flat().filter(Number.isFinite), [0]);
  const frame = drawFrame(svg, {
    x: epochAxis(),
    y: {
      range: padded([Math.max(low, -3 * largest), Math.min(high, 3 * largest)]),
      label: `change of ${shortened(target.name, 24)} for one standard deviation`,
    },
  });
  const { marks, x, y } = frame;
  // one step beyond the picture is enough
  const isBeyond = (sizes) => sizes.some((size) => !(size >= y.low && size <= y.high));
  const until = (effects.findIndex(isBeyond) + 1 || effects.length) + 1;
  const order = bestEffects.map((size, j) => [Math.abs(size), j]).sort(([a], [b]) => b - a).map(([, j]) => j);
  order.reverse().forEach((j) => {
    const rank = seriesOf(j);
    const path = linePath(effects.slice(0, until).map((sizes, i) => [x(played[i]), y(sizes[j])]));
    draw(marks, "path", { class: rank < MAX_SERIES ? `series series-${rank}` : "series other", d: path });
    if (rank < MAX_SERIES) draw(marks, "path", { class: "best", "stroke-opacity": 0.5, d: `M${x.from} ${y(bestEffects[j])}H${x.to}` });
  });
  labelSeries(frame, bestEffects, order);
  const cursor = draw(marks, "path", { class: "cursor" });
  return (number) => cursor.setAttribute("d", `M${x(number)} ${y.from}V${y.to}`);
}

// Ranks a feature by the size of its weight at the optimum: what chooses its colour.
function seriesOf(j) {
  const sizes = best.slopes.map((m, i) => Math.abs(m * features[i].deviation));
  return sizes.filter((size, i) => size > sizes[j] || (size === sizes[j] && i < j)).length;
}

function labelSeries({ marks, y, frame }, sizes, order) {
  const GAP = 15;
  const named = order.filter((j) => seriesOf(j) < MAX_SERIES).sort((a, b) => sizes[b] - sizes[a]);
  let free = frame.y + 6;
  const heights = named.map((j) => (free = Math.max(free + GAP, y(sizes[j]) - 8)));
  const overflow = Math.max(0, free - (frame.y + frame.height - 6));
  named.forEach((j, i) => {
    const place = { x: frame.x + frame.width - 6, y: heights[i] - overflow, "text-anchor": "end" };
    draw(marks, "text", { class: `series-text series-${seriesOf(j)}`, ...place }, shortened(features[j].name, 24));
  });
}

// the loss curve

function epochAxis() {
  const isLong = run.last > 100;
  return {
    range: [0, run.last || 1],
    label: isLong ? "epoch, on a log scale" : "epoch",
    bend: isLong ? Math.log1p : undefined,
    ticks: isLong ? longTicks : (low, high, count) => evenTicks(low, high, count).filter(({ value }) => Number.isInteger(value)),
  };
}

function longTicks(low, high) {
  const ticks = [0];
  for (let power = 1; power <= high; power *= 10) ticks.push(power, 3 * power);
  return ticks.filter((value) => value <= high).map((value) => ({ value, text: tickText(value, 1) }));
}

function drawLoss(svg) {
  const isVisible = (loss) => loss > 0 && Number.isFinite(loss);
  const showsGap = byId("shows-gap").checked;
  const losses = showsGap ? run.gaps : run.losses;
  const testLosses = replay.test && !showsGap ? run.testLosses : null;
  const hasBest = !showsGap && isVisible(replay.bestLoss);
  const curves = testLosses ? [losses, testLosses] : [losses];
  const found = curves.flatMap((curve) => played.map((number) => curve[number])).filter(isVisible);
  const [low, high] = rangeOf(found.length ? found : [1], hasBest ? [replay.bestLoss] : []);
  const room = Math.max((high / low) ** 0.05, 1.02);
  const frame = drawFrame(svg, {
    x: epochAxis(),
    y: { range: [low / room, high * room], label: lossLabel(showsGap), bend: Math.log10, ticks: logTicks },
  });
  const { marks, x, y } = frame;
  if (hasBest) draw(marks, "path", { class: "best", d: `M${x.from} ${y(replay.bestLoss)}H${x.to}` });
  const height = (loss) => (isVisible(loss) ? y(loss) : loss === 0 ? y.from : NaN); // 0 has no log
  const place = (curve) => (number) => [x(number), height(curve[number])];
  if (testLosses) draw(marks, "path", { class: "test-line", d: linePath(played.map(place(testLosses))) });
  draw(marks, "path", { class: "ghost", d: linePath(played.map(place(losses))) });
  const walked = draw(marks, "path", { class: "line" });
  const cursor = draw(marks, "path", { class: "cursor" });
  const dot = draw(svg, "circle", { class: "now-dot", r: 6 }); // whole at the edges of the frame
  const placed = place(losses);
  chooseEpoch = (left) => {
    const share = Math.max(0, Math.min(1, (left - x.from) / (x.to - x.from)));
    const number = run.last > 100 ? Math.expm1(share * Math.log1p(run.last)) : share * run.last;
    return Math.round(number);
  };
  return (number) => {
    const [left, top] = placed(number);
    walked.setAttribute("d", linePath([...played.filter((other) => other < number), number].map(placed)));
    cursor.setAttribute("d", `M${left} ${y.from}V${y.to}`);
    dot.setAttribute("cx", left);
    dot.setAttribute("cy", Number.isFinite(top) ? top : y.to);
  };
}

function lossLabel(showsGap) {
  const penalty = replay.l2 ? " and ridge penalty" : "";
  return showsGap ? "loss above the smallest, on a log scale" : `mean squared error${penalty}, on a log scale`;
}

const PICTURES = [
  ["fit", drawFit],
  ["surface", drawSurface],
  ["loss", drawLoss],
];
let chooseStart = () => null; // from a place on the surface
let chooseEpoch = () => 0; // from a place on the loss curve

// words and figures

// Makes an element that shows a number in short and holds all its digits.
function number(value, digits) {
  const element = document.createElement("data");
  element.value = String(value);
  element.textContent = figures(value, digits);
  return element;
}

function showEpoch() {
  for (const update of updates) update(epoch);
  const weights = weightsAt(epoch);
  const losses = [["Loss", run.losses[epoch]], ["Above the best", run.gaps[epoch]]];
  if (replay.test) losses.push(["Test loss", run.testLosses[epoch]]);
  const named = [];
  if (isLine) named.push(["m", weights.slopes[0]]);
  if (isLine && replay.hasIntercept) named.push(["b", weights.b]);
  byId("figures").replaceChildren(
    ...[["Epoch", epoch], ...losses, ...named].map(([name, value]) => {
      const pair = document.createElement("div");
      const [term, description] = [document.createElement("dt"), document.createElement("dd")];
      term.textContent = name;
      description.append(number(value));
      description.dataset.name = name;
      pair.append(term, description);
      return pair;
    }),
  );
  if (isLine) showEquation(weights);
  else showWeights(weights);
  const [slider, text] = [byId("epoch"), `epoch ${figures(epoch)} of ${figures(run.last)}`];
  slider.value = played.filter((other) => other <= epoch).length - 1;
  slider.setAttribute("aria-valuetext", text);
  byId("epoch-text").textContent = text;
  announce();
}

function showEquation({ b, slopes: [m] }) {
  const parts = [`${shortened(target.name)} = `, number(m), ` × ${shortened(features[0].name)}`];
  if (replay.hasIntercept) parts.push(b < 0 ? ` ${MINUS} ` : " + ", number(Math.abs(b)));
  byId("equation").replaceChildren(...parts);
}

function showWeights({ b, slopes }) {
  const rows = slopes.map((m, j) => [shortened(features[j].name), m, best.slopes[j], seriesOf(j)]);
  if (replay.hasIntercept) rows.unshift(["b", b, best.b, MAX_SERIES]);
  byId("weights").replaceChildren(
    ...rows.map(([name, now, then]) => {
      const row = document.createElement("tr");
      const head = document.createElement("th");
      head.scope = "row";
      head.textContent = name;
      const cells = [now, then].map((value) => {
        const cell = document.createElement("td");
        cell.append(number(value, 6));
        return cell;
      });
      row.append(head, ...cells);
      return row;
    }),
  );
}

// Tells the figures to a screen reader, once they stand still.
let announcement = null;
function announce() {
  clearTimeout(announcement);
  if (timer !== null) return;
  announcement = setTimeout(() => {
    const weights = weightsAt(epoch);
    const line = isLine ? `; m ${figures(weights.slopes[0], 5)}, b ${figures(weights.b, 5)}` : "";
    byId("live").textContent =
      `Epoch ${epoch} of ${run.last}: loss ${figures(run.losses[epoch], 4)}, ` +
      `${figures(run.gaps[epoch], 4)} above the best${line}`;
  }, 300);
}

// Says how the run went, and what the learning rate has to do with it.
function verdict() {
  const { learningRate } = training;
  const rate = figures(learningRate, 6);
  const epochs = `${figures(run.last)} epoch${run.last === 1 ? "" : "s"}`;
  const end = run.stopped === "converged" ? `Converged after ${epochs}.` : `Out of epochs after ${epochs}.`;
  const { limit } = replay;
  if (limit === null) return `${end} The loss is flat: all weights are as good.`;
  const factor = 1 - (2 * learningRate) / limit; // what a step leaves of the way to the optimum
  const times = `${figures(Math.abs(factor), 3)} times as far away`;
  if (run.stopped === "diverged") {
    return (
      `Diverged: the learning rate ${rate} is above the limit ${figures(limit, 6)}. Along the steepest direction ` +
      `every step overshoots the optimum and ends ${times}, on the other side. ` +
      `After ${epochs} the loss is ${figures(run.losses[run.last] / run.losses[0], 2)} times the first.`
    );
  }
  if (learningRate >= limit) {
    return `${end} The learning rate ${rate} is not below the limit ${figures(limit, 6)}: the loss does not fall to its minimum.`;
  }
  const left = 1 - learningRate * replay.flattest;
  const flattest = left > 1.01 * factor ? `; along the flattest, ${percent(1 - left)}` : "";
  if (factor < 0) {
    return `${end} Along the steepest direction every step overshoots the optimum, but ends nearer: ${times}, on the other side.`;
  }
  return `${end} Along the steepest direction every step takes away ${percent(1 - factor)} of the distance to the optimum${flattest}.`;
}

const percent = (share) => `${figures(100 * share, 3)}%`;

// Gives the words of the command that trains so, or none if there is no such command.
function shellCommand() {
  const quoted = (name) => (/^[\w.,:/@%+-]+$/.test(name) ? name : `'${shown(name).replaceAll("'", "'\\''")}'`);
  const { start, learningRate, epochs } = training;
  // one seed both deals the rows and starts
  const dealsOthers = replay.testFraction > 0 && start.seed !== replay.start.seed;
  if (start.kind === "chosen" || dealsOthers) return [];
  const named = features.length > MAX_NAMED ? ["--x …"] : features.map(({ name }) => `--x ${quoted(name)}`);
  return [
    "linreg train DATA",
    ...named,
    `--y ${quoted(target.name)}`,
    replay.weightsColumn === null ? "" : `--weights ${quoted(replay.weightsColumn)}`,
    replay.hasIntercept ? "" : "--no-intercept",
    replay.isScaled ? "" : "--no-scale",
    replay.l2 ? `--l2 ${replay.l2}` : "",
    replay.testFraction ? `--test-fraction ${replay.testFraction}` : "",
    `--learning-rate ${learningRate}`,
    `--epochs ${epochs}`,
    replay.tolerance === 1e-12 ? "" : `--tolerance ${replay.tolerance}`,
    start.kind === "random" ? "--start random" : "",
    start.kind === "random" || replay.testFraction ? `--seed ${start.seed}` : "",
  ].filter(Boolean);
}

function showTraining() {
  const text = byId("verdict");
  text.textContent = verdict();
  text.classList.toggle("diverged", run.stopped === "diverged");
  const words = shellCommand().map((text) => {
    const word = document.createElement("span");
    word.textContent = text;
    return word;
  });
  byId("command").parentElement.hidden = !words.length;
  byId("command").replaceChildren(...words.flatMap((word, i) => (i ? [" ", word] : [word])));
}

// playing

function setEpoch(wanted) {
  epoch = Math.max(0, Math.min(run.last, wanted));
  showEpoch();
}

function play() {
  if (epoch === run.last) setEpoch(0);
  const pause_ = Math.max(35, Math.min(320, 9000 / played.length));
  timer = setInterval(() => {
    setEpoch(played.find((other) => other > epoch) ?? run.last);
    if (epoch === run.last) pause();
  }, pause_);
  showPlaying();
}

function pause() {
  clearInterval(timer);
  timer = null;
  showPlaying();
  announce();
}

function showPlaying() {
  byId("play").classList.toggle("is-playing", timer !== null);
  byId("play").setAttribute("aria-label", timer === null ? "Play" : "Pause");
}

function go(wanted) {
  if (timer !== null) pause();
  setEpoch(wanted);
}

const KEYS = {
  " ": () => (timer === null ? play() : pause()),
  ArrowLeft: () => go(epoch - 1),
  ArrowRight: () => go(epoch + 1),
  Home: () => go(0),
  End: () => go(run.last),
};

function onKey(event) {
  const isSlider = event.target === byId("epoch");
  // other fields have uses of their own for these keys, and a button for the space
  const isTaken = event.target.matches("input, select, .scroll") || (event.key === " " && event.target.matches("button"));
  const act = KEYS[event.key];
  if (!act || (isTaken && !isSlider) || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  act();
}

// the form

const RATE_RANGE = [(replay.limit ?? 1) * 1e-4, (replay.limit ?? 1) * 4];
const SLIDER_STEPS = 1000;

function rateShare(rate) {
  const [low, high] = RATE_RANGE;
  return Math.max(0, Math.min(1, Math.log(rate / low) / Math.log(high / low)));
}

function rateAt(share) {
  const [low, high] = RATE_RANGE;
  return Number((low * (high / low) ** share).toPrecision(3));
}

function prepareForm() {
  byId("epochs").max = replay.maxEpochs;
  const slider = byId("rate-slider");
  const hasLimit = replay.limit !== null;
  byId("limit-mark").hidden = !hasLimit;
  if (hasLimit) {
    const share = rateShare(replay.limit);
    slider.parentElement.style.setProperty("--limit", `calc(var(--thumb) / 2 + ${share} * (100% - var(--thumb)))`);
    byId("limit-text").textContent = `limit ${figures(replay.limit, 4)}`;
  }
  byId("rate-hint").textContent = hasLimit
    ? `Below the limit it converges, above it diverges. --learning-rate auto takes ${figures(replay.automatic, 4)}.`
    : "The loss is flat: any rate converges.";
  const starts = [["zeros", "zeros"], ...replay.randomStarts.map(({ seed }) => [`random ${seed}`, `random, seed ${seed}`])];
  if (isLine) starts.push(["chosen", replay.hasIntercept ? "chosen m and b" : "chosen m"]);
  byId("start").replaceChildren(...starts.map(([value, text]) => new Option(text, value)));
  byId("start-m-field").hidden = !isLine;
  byId("start-b-field").hidden = !isLine || !replay.hasIntercept;
}

// Fills the fields from the training, but for the one that is being typed in.
function fillForm() {
  const { start, learningRate, epochs } = training;
  const { b, slopes } = weightsAt(0);
  const values = {
    rate: learningRate,
    "rate-slider": Math.round(rateShare(learningRate) * SLIDER_STEPS),
    start: start.kind === "random" ? `random ${start.seed}` : start.kind,
    epochs,
    "start-m": slopes[0],
    "start-b": b,
  };
  for (const [id, value] of Object.entries(values)) {
    const field = byId(id);
    if (field === document.activeElement && field.type === "number") continue;
    field.value = value;
    field.setCustomValidity("");
  }
  const slider = byId("rate-slider");
  const share = replay.limit === null ? "" : `, ${figures(learningRate / replay.limit, 3)} of the limit`;
  slider.setAttribute("aria-valuetext", `${figures(learningRate, 4)}${share}`);
}

function retrain(changes) {
  training = { ...training, ...changes };
  train();
  fillForm();
}

function numberIn(id, isValid, problem) {
  const field = byId(id);
  const value = field.value === "" ? NaN : Number(field.value);
  field.setCustomValidity(Number.isFinite(value) && isValid(value) ? "" : problem);
  return field.checkValidity() ? value : null;
}

const FIELDS = {
  rate() {
    const learningRate = numberIn("rate", (value) => value > 0, "A learning rate is above 0.");
    if (learningRate !== null) retrain({ learningRate });
  },
  "rate-slider"() {
    byId("rate").setCustomValidity("");
    retrain({ learningRate: rateAt(byId("rate-slider").value / SLIDER_STEPS) });
  },
  epochs() {
    const problem = `A whole number up to ${replay.maxEpochs}.`;
    const epochs = numberIn("epochs", (value) => Number.isInteger(value) && value >= 0 && value <= replay.maxEpochs, problem);
    if (epochs !== null) retrain({ epochs });
  },
  start() {
    const [kind, seed] = byId("start").value.split(" ");
    if (kind === "chosen") chooseWeights(weightsAt(0));
    else retrain({ start: { kind, seed: Number(seed ?? replay.start.seed) } });
  },
  "start-m": chooseTyped,
  "start-b": chooseTyped,
};

function chooseTyped() {
  const [m, b] = ["start-m", "start-b"].map((id) => numberIn(id, () => true, "A number."));
  if (m !== null && b !== null) chooseWeights({ b, slopes: [m] });
}

function chooseWeights(weights) {
  retrain({ start: { kind: "chosen", seed: replay.start.seed, weights } });
}

// what stays

function describe() {
  const names = features.slice(0, 4).map(({ name }) => shortened(name));
  if (features.length > 4) names.push(`${features.length - 4} more`);
  const title = `${shortened(target.name)} from ${names.join(", ")}`;
  document.title = `${title}: linreg replay`;
  byId("title").textContent = title;
  const how = [replay.isScaled ? "scaled features" : "unscaled features"];
  if (replay.weightsColumn !== null) how.push(`weighted by ${shortened(replay.weightsColumn)}`);
  if (!replay.hasIntercept) how.push("no intercept");
  if (replay.l2) how.push(`ridge penalty ${figures(replay.l2)}`);
  if (replay.testFraction) how.push(`${percent(replay.testFraction)} of the rows kept for testing`);
  const solved = "The model was solved exactly: this is the way that --solver gradient-descent would take. ";
  byId("lead").textContent =
    (replay.solver === "exact" ? solved : "") +
    `Gradient descent pulls a ${isLine ? "line" : "plane"} towards ${figures(replay.rows)} rows, one step downhill ` +
    `at a time (${how.join(", ")}). Change the learning rate or the start, and it trains again, here in the page.`;
  describePictures();
  byId("about").textContent =
    `Written by linreg replay. The ${figures(replay.rows)} rows are stood for by ${replay.miniature.X.length} ` +
    "that have the same loss and the same gradients, so that training here takes as long for any size of data." +
    (replay.epochs > replay.maxEpochs ? ` The model's ${figures(replay.epochs)} epochs are more than a page holds: it walks at most ${figures(replay.maxEpochs)}.` : "");
}

function describePictures() {
  byId("fit-title").textContent = isLine ? "The line and the points" : "Prediction against target";
  byId("fit-caption").textContent = fitCaption();
  byId("fit-figure").hidden = !isLine && !replay.points;
  byId("surface-title").textContent = isLine
    ? replay.hasIntercept ? "The loss of every line" : "The loss of every slope"
    : "The weights by epoch";
  byId("surface-caption").textContent = surfaceCaption();
  byId("loss-caption").textContent =
    (replay.bestLoss > 0 ? "The dashed line is the smallest loss that there is. " : "The smallest loss is 0. ") +
    (replay.test ? "Green is the loss of the rows kept for testing. " : "") +
    "A click goes to that epoch.";
  byId("weights-figure").hidden = isLine;
  byId("equation").hidden = !isLine;
}

function fitCaption() {
  const dashed = isLine ? "The dashed line is the best one." : "On the dashed line a prediction is right.";
  if (!replay.points) return `${dashed} The model file holds no rows: shown are their mean and, for scattered rows, two standard deviations around it. linreg replay MODEL DATA shows the points.`;
  const { rows, areTrainedOn, density, values, isTest } = replay.points;
  const which = areTrainedOn ? "the rows that the model was trained on" : "other rows than the model was trained on";
  let how = `${figures(rows)} points, ${which}.`;
  if (density) how = `The density of ${figures(rows)} points, ${which}; a row that is alone in its place is a dot.`;
  else if (values.length < rows) how = `A sample of ${figures(values.length - 2)} of ${figures(rows)} points, and the two extremes: ${which}.`;
  const outside = density?.outside ? ` ${figures(density.outside)} lie outside the training range and are not shown.` : "";
  return `${dashed} ${how}${isTest ? " Green points were kept for testing." : ""}${outside}`;
}

function surfaceCaption() {
  if (!isLine) return "Each weight times the standard deviation of its feature, so that they compare; the dashed lines are the best ones.";
  const choose = "A click here starts from another place.";
  if (!replay.hasIntercept) return `Every slope has its loss; the descent rolls down to the smallest. ${choose}`;
  return `Every place is a line with its m and b; on a ring the loss is the same. The cross is the best line. ${choose}`;
}

function listen() {
  document.addEventListener("keydown", onKey);
  byId("first").addEventListener("click", KEYS.Home);
  byId("back").addEventListener("click", KEYS.ArrowLeft);
  byId("play").addEventListener("click", KEYS[" "]);
  byId("forward").addEventListener("click", KEYS.ArrowRight);
  byId("epoch").addEventListener("input", (event) => go(played[event.target.value]));
  for (const [id, act] of Object.entries(FIELDS)) byId(id).addEventListener("input", act);
  const form = byId("controls");
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    retrain(asTrained);
  });
  form.addEventListener("focusout", fillForm);
  byId("loss-choice").addEventListener("input", drawPictures);
  onPlace(byId("loss"), (left) => go(chooseEpoch(left)));
  onPlace(byId("surface"), (left, top) => {
    const weights = chooseStart(left, top);
    if (weights) chooseWeights(weights);
  });
  let width = innerWidth;
  addEventListener("resize", () => {
    if (innerWidth !== width) drawPictures(); // a phone's bars change the height alone
    width = innerWidth;
  });
}

// Calls back with the place of a click, and of a mouse that is drawn with its button down.
function onPlace(svg, act) {
  const tell = (event) => {
    const { left, top } = svg.getBoundingClientRect();
    act(event.clientX - left, event.clientY - top);
  };
  svg.addEventListener("click", tell);
  svg.addEventListener("pointermove", (event) => {
    if (event.pointerType === "mouse" && event.buttons === 1) tell(event);
  });
}

byId("main").hidden = false;
describe();
prepareForm();
listen();
train();
fillForm();
if (!matchMedia("(prefers-reduced-motion: reduce)").matches) play();
