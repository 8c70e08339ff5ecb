// The chart of several weights by epoch.
"use strict";

const MAX_SERIES = 6; // the number of colours

function drawWeights(svg) {
  // times the standard deviation of its feature, a weight is comparable with others
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
  // one step beyond the chart is enough
  const isBeyond = (sizes) => sizes.some((size) => !(size >= y.low && size <= y.high));
  const until = (effects.findIndex(isBeyond) + 1 || effects.length) + 1;
  const order = bestEffects
    .map((size, j) => [Math.abs(size), j])
    .sort(([a], [b]) => b - a)
    .map(([, j]) => j);
  order.reverse().forEach((j) => {
    const rank = seriesOf(j);
    const path = linePath(effects.slice(0, until).map((sizes, i) => [x(played[i]), y(sizes[j])]));
    draw(marks, "path", {
      class: rank < MAX_SERIES ? `series series-${rank}` : "series other",
      d: path,
    });
    if (rank < MAX_SERIES)
      draw(marks, "path", {
        class: "best",
        "stroke-opacity": 0.5,
        d: `M${x.from} ${y(bestEffects[j])}H${x.to}`,
      });
  });
  labelSeries(frame, bestEffects, order);
  const cursor = draw(marks, "path", { class: "cursor" });
  return (number) => cursor.setAttribute("d", `M${x(number)} ${y.from}V${y.to}`);
}

// Returns the rank of a feature by the size of its weight at the optimum, which chooses its colour.
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
    draw(
      marks,
      "text",
      { class: `series-text series-${seriesOf(j)}`, ...place },
      shortened(features[j].name, 24),
    );
  });
}
