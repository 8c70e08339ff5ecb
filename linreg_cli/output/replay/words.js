// The page in words: what is replayed, how a run went, and the command that does the same.
"use strict";

const MAX_NAMED = 30; // as many as a command names

// Says what the learning rate does and, at the last epoch, how the run ended.
function verdict(number) {
  return (number === run.last ? `${ending()} ` : "") + effectOfRate();
}

function ending() {
  const epochs = `${figures(run.last)} epoch${run.last === 1 ? "" : "s"}`;
  if (run.stopped === "converged") return `Converged after ${epochs}.`;
  if (run.stopped !== "diverged") return `Stopped after ${epochs}, before it converged.`;
  const growth = figures(run.losses[run.last] / run.losses[0], 2);
  return `Diverged: after ${epochs} the loss is ${growth} times the first.`;
}

function effectOfRate() {
  const { learningRate } = training;
  const { limit } = replay;
  if (limit === null) return "The loss is flat: all weights are as good.";
  const rate = `The learning rate ${figures(learningRate, 6)}`;
  const factor = 1 - (2 * learningRate) / limit; // what a step leaves of the way to the optimum
  const overshoots = "along the steepest direction every step overshoots the optimum";
  const times = `${figures(Math.abs(factor), 3)} times as far away, on the other side`;
  if (isAtLimit(learningRate))
    return `${rate} is at the limit: ${overshoots} and ends as far away, on the other side.`;
  if (learningRate > limit)
    return `${rate} is above the limit ${figures(limit, 6)}: ${overshoots} and ends ${times}.`;
  if (factor < 0) return `${rate} is large: ${overshoots}, but ends nearer: ${times}.`;
  const left = 1 - learningRate * replay.flattest;
  const flattest = left > 1.01 * factor ? `; along the flattest, ${percent(1 - left)}` : "";
  return `Along the steepest direction every step takes away ${percent(1 - factor)} of the distance to the optimum${flattest}.`;
}

// The limit is known up to rounding.
const isAtLimit = (rate) => Math.abs(rate / replay.limit - 1) < 1e-9;

const percent = (share) => `${figures(100 * share, 3)}%`;

// Gives the words of the command that trains so, or none if there is no such command.
function shellCommand() {
  const quoted = (name) =>
    /^[\w.,:/@%+-]+$/.test(name) ? name : `'${shown(name).replaceAll("'", "'\\''")}'`;
  const { start, learningRate, epochs } = training;
  // one seed both deals the rows and starts
  const dealsOthers = replay.testFraction > 0 && start.seed !== replay.start.seed;
  if (start.kind === "chosen" || dealsOthers) return [];
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
    replay.tolerance === 1e-12 ? "" : `--tolerance ${replay.tolerance}`,
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
    "The model was solved exactly: this is the way that --solver gradient-descent would take. ";
  byId("lead").textContent =
    (replay.solver === "exact" ? solved : "") +
    `Gradient descent fits a ${isLine ? "line" : "plane"} to ${figures(replay.rows)} rows (${how.join(", ")}). ` +
    "Change the learning rate or the start below to train again.";
  describePictures();
  byId("about").textContent =
    `Written by linreg replay. The ${figures(replay.rows)} rows are stood for by ${replay.miniature.X.length} ` +
    "that have the same loss and the same gradients, so that training here takes as long for any size of data." +
    (replay.epochs > replay.maxEpochs
      ? ` The model's ${figures(replay.epochs)} epochs are more than a page holds: it walks at most ${figures(replay.maxEpochs)}.`
      : "");
}

function describePictures() {
  byId("fit-title").textContent = isLine ? "The line and the points" : "Prediction against target";
  byId("fit-caption").textContent = fitCaption();
  byId("fit-figure").hidden = !isLine && !replay.points;
  byId("surface-title").textContent = isLine
    ? replay.hasIntercept
      ? "The loss of every line"
      : "The loss of every slope"
    : "The weights by epoch";
  byId("surface-caption").textContent = surfaceCaption();
  byId("loss-caption").textContent =
    (replay.bestLoss > 0
      ? "The dashed line is the smallest loss that there is. "
      : "The smallest loss is 0. ") +
    (replay.test ? "The dotted green line is the loss of the test rows. " : "") +
    "A click goes to that epoch.";
  byId("weights-figure").hidden = isLine;
  byId("equation").hidden = !isLine;
}

function fitCaption() {
  const dashed = isLine
    ? "The dashed line is the best one."
    : "On the dashed line a prediction is right.";
  if (!replay.points)
    return `${dashed} The model file holds no rows: shown are their mean and, for scattered rows, two standard deviations around it. linreg replay MODEL DATA shows the points.`;
  const { rows, areTrainedOn, density, values, extremes, isTest } = replay.points;
  const which = areTrainedOn
    ? "the rows that the model was trained on"
    : "other rows than the model was trained on";
  let how = `${figures(rows)} points, ${which}.`;
  if (density)
    how = `The density of ${figures(rows)} points, ${which}; dots are the ${extremes} farthest out.`;
  else if (extremes)
    how = `A sample of ${figures(values.length - extremes)} of ${figures(rows)} points, and the ${extremes} farthest out: ${which}.`;
  return `${dashed} ${how}${isTest ? " Green crosses are the test rows." : ""}`;
}

function surfaceCaption() {
  if (!isLine)
    return "Each weight times the standard deviation of its feature, so that they compare; the dashed lines are the best ones.";
  const choose = "A click here starts from another place.";
  if (!replay.hasIntercept)
    return `Every slope has its loss; the descent rolls down to the smallest. ${choose}`;
  return `Every place is a line with its m and b; on a ring the loss is the same. The cross is the best line. ${choose}`;
}
