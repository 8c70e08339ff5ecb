// The chart of the loss by epoch.
"use strict";

let chooseEpoch = () => 0; // returns the epoch at a place of the chart

function epochAxis() {
  const isLong = run.last > 100;
  return {
    range: [0, run.last || 1],
    label: isLong ? "epoch, on a log scale" : "epoch",
    bend: isLong ? Math.log1p : undefined,
    ticks: isLong
      ? longTicks
      : (low, high, count) =>
          evenTicks(low, high, count).filter(({ value }) => Number.isInteger(value)),
  };
}

function longTicks(low, high) {
  const ticks = [0];
  for (let power = 1; power <= high; power *= 10) ticks.push(power, 3 * power);
  return ticks
    .filter((value) => value <= high)
    .map((value) => ({ value, text: tickText(value, 1) }));
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
    y: {
      range: [low / room, high * room],
      label: lossLabel(showsGap),
      bend: Math.log10,
      ticks: logTicks,
    },
  });
  const { marks, x, y } = frame;
  if (hasBest)
    draw(marks, "path", { class: "best", d: `M${x.from} ${y(replay.bestLoss)}H${x.to}` });
  const height = (loss) => (isVisible(loss) ? y(loss) : loss === 0 ? y.from : NaN); // 0 has no log
  const place = (curve) => (number) => [x(number), height(curve[number])];
  if (testLosses)
    draw(marks, "path", { class: "test-line", d: linePath(played.map(place(testLosses))) });
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
    walked.setAttribute(
      "d",
      linePath([...played.filter((other) => other < number), number].map(placed)),
    );
    cursor.setAttribute("d", `M${left} ${y.from}V${y.to}`);
    dot.setAttribute("cx", left);
    dot.setAttribute("cy", Number.isFinite(top) ? top : y.to);
  };
}

function lossLabel(showsGap) {
  const penalty = replay.l2 ? " and ridge penalty" : "";
  return showsGap
    ? "gap to the smallest loss, on a log scale"
    : `mean squared error${penalty}, on a log scale`;
}
