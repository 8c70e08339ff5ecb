// The sentences of the page: what is replayed, how a run ended, and the command that does the same.
"use strict";

const MAX_NAMED = 30; // features that the command names

// Returns what the learning rate does and, at the last epoch, how the run ended.
function verdict(number) {
  return (number === run.last ? `${ending()} ` : "") + effectOfRate();
}

function ending() {
  const epochs = `${figures(run.last)} epoch${run.last === 1 ? "" : "s"}`;
  if (run.stopped === "converged") return `Converged after ${epochs}.`;
  if (run.stopped !== "diverged") return `Stopped after ${epochs}, before it converged.`;
  const growth = figures(run.losses[run.last] / run.losses[0], 2);
  return `Diverged: after ${epochs} the loss is ${growth} times the initial loss.`;
}

function effectOfRate() {
  const { learningRate } = training;
  const { limit } = replay;
  if (limit === null) return "The loss is the same for all weights.";
  const rate = `The learning rate ${figures(learningRate, 6)}`;
  const factor = 1 - (2 * learningRate) / limit; // the distance to the optimum after a step, as a share of the one before
  const overshoots = "along the steepest direction every step overshoots the optimum";
  const times = `${figures(Math.abs(factor), 3)} times as far away, on the other side`;
  if (isAtLimit(learningRate))
    return `${rate} is at the limit: ${overshoots} and ends as far away, on the other side.`;
  if (learningRate > limit)
    return `${rate} is above the limit ${figures(limit, 6)}: ${overshoots} and ends ${times}.`;
  if (factor < 0) return `${rate} is large: ${overshoots}, but ends nearer: ${times}.`;
  const left = 1 - learningRate * replay.flattest;
  const flattest = left > 1.01 * factor ? `; along the flattest, by ${percent(1 - left)}` : "";
  return `Along the steepest direction every step reduces the distance to the optimum by ${percent(1 - factor)}${flattest}.`;
}

// The limit is known up to rounding.
const isAtLimit = (rate) => Math.abs(rate / replay.limit - 1) < 1e-9;

const percent = (share) => `${figures(100 * share, 3)}%`;

// Returns the words of the command that trains like this, or none if there is no such command.
function shellCommand() {
  const quoted = (name) =>
    /^[\w.,:/@%+-]+$/.test(name) ? name : `'${shown(name).replaceAll("'", "'\\''")}'`;
  const { start, learningRate, epochs } = training;
  // one seed both splits the rows and chooses the start
  const splitsOtherwise = replay.testFraction > 0 && start.seed !== replay.start.seed;
  if (start.kind === "chosen" || splitsOtherwise) return [];
  const named =
    features.length > MAX_NAMED ? ["--x …"] : features.map(({ name }) => `--x ${quoted(name)}`);
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
    replay.tolerance === replay.defaultTolerance ? "" : `--tolerance ${replay.tolerance}`,
    start.kind === "random" ? "--start random" : "",
    start.kind === "random" || replay.testFraction ? `--seed ${start.seed}` : "",
  ].filter(Boolean);
}

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
  const solved =
    "The model was solved exactly; this page shows the descent of --solver gradient-descent. ";
  byId("lead").textContent =
    (replay.solver === "exact" ? solved : "") +
    `Gradient descent fits a ${isLine ? "line" : "plane"} to ${figures(replay.rows)} rows (${how.join(", ")}). ` +
    "Change the learning rate or the start below to train again.";
  describeCharts();
  byId("about").textContent =
    `Written by linreg replay. This page trains on ${replay.compressed.X.length} compressed rows, which have the same loss ` +
    `and gradients as the ${figures(replay.rows)} rows: training takes the same time for any number of rows.` +
    (replay.epochs > replay.maxEpochs
      ? ` The model has a maximum of ${figures(replay.epochs)} epochs; this page computes at most ${figures(replay.maxEpochs)}.`
      : "");
}

function describeCharts() {
  byId("fit-title").textContent = isLine ? "The line and the points" : "Prediction against target";
  byId("fit-caption").textContent = fitCaption();
  byId("fit-figure").hidden = !isLine && !replay.points;
  byId("surface-title").textContent = isLine
    ? replay.hasIntercept
      ? "The loss by m and b"
      : "The loss by m"
    : "The weights by epoch";
  byId("surface-caption").textContent = surfaceCaption();
  byId("loss-caption").textContent =
    (replay.bestLoss > 0
      ? "The dashed line is the smallest possible loss. "
      : "The smallest possible loss is 0. ") +
    (replay.test ? "The dotted green line is the loss of the test rows. " : "") +
    "Click to go to an epoch.";
  byId("weights-figure").hidden = isLine;
  byId("equation").hidden = !isLine;
}

function fitCaption() {
  const dashed = isLine
    ? "The dashed line has the smallest loss."
    : "On the dashed line the prediction is equal to the target.";
  const summary =
    replay.correlation === null
      ? ""
      : " The dot is the mean of the rows, and the ring is two standard deviations around it.";
  if (!replay.points)
    return `${dashed} The model file holds no rows.${summary} linreg replay MODEL DATA shows the points.`;
  const { rows, areTrainedOn, density, values, extremes, isTest } = replay.points;
  const which = areTrainedOn
    ? "the rows that the model was trained on"
    : "rows that the model was not trained on";
  let how = `${figures(rows)} points, ${which}.`;
  if (density)
    how = `The density of ${figures(rows)} points, ${which}; the dots are the ${extremes} extreme points.`;
  else if (extremes)
    how = `A sample of ${figures(values.length - extremes)} of ${figures(rows)} points, and the ${extremes} extreme points: ${which}.`;
  return `${dashed} ${how}${isTest ? " Green crosses are the test rows." : ""}`;
}

function surfaceCaption() {
  if (!isLine)
    return "Each weight times the standard deviation of its feature, which makes the weights comparable. The dashed lines are the weights with the smallest loss.";
  const choose = replay.hasIntercept ? "Click to start from another m and b." : "Click to start from another m.";
  if (!replay.hasIntercept)
    return `The curve is the loss of each m; the descent moves to the smallest loss. ${choose}`;
  return `Each point is a pair of m and b; on a ring the loss is the same. The cross has the smallest loss. ${choose}`;
}
