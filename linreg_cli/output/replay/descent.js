// Gradient descent on the mean squared error, as linreg_cli/training/gradient_descent.py computes it:
//
//   loss = sum((X w - y)²) / n      gradient = 2/n Xᵀ(X w - y)      w ← w - learningRate · gradient
//
// X and y are the compressed rows: at most p + 2 rows with the loss and the gradients of all rows. So
// an epoch takes the same time for any number of rows. Nothing here depends on a page.
"use strict";

const INITIAL_CAPACITY = 1024; // epochs

// Returns the squared length of the residual X w - y; without y, of X w.
function squaredResidual(X, weights, y) {
  let total = 0;
  for (let i = 0; i < X.length; i++) {
    const residual = dot(X[i], weights) - (y ? y[i] : 0);
    total += residual * residual;
  }
  return total;
}

function dot(row, weights) {
  let sum = 0;
  for (let j = 0; j < row.length; j++) sum += row[j] * weights[j];
  return sum;
}

// Returns the weights after one epoch.
function step({ X, y, n }, weights, learningRate) {
  const gradient = new Float64Array(weights.length);
  for (let i = 0; i < X.length; i++) {
    const residual = dot(X[i], weights) - y[i];
    for (let j = 0; j < gradient.length; j++) gradient[j] += X[i][j] * residual;
  }
  return gradient.map((sum, j) => weights[j] - learningRate * ((2 / n) * sum));
}

// The epochs of a descent: a number for each in `losses`, `testLosses` and `gaps`, and the weights.
class Run {
  constructor(size) {
    this.size = size;
    this.losses = [];
    this.testLosses = [];
    this.gaps = []; // to the smallest loss
    this.stopped = ""; // why there are no more epochs
    this.steps = new Float64Array(INITIAL_CAPACITY * size);
  }

  get last() {
    return this.losses.length - 1;
  }

  // Returns the weights of an epoch, of the scaled features.
  weightsAt(epoch) {
    return this.steps.subarray(epoch * this.size, (epoch + 1) * this.size);
  }

  add(weights, loss, testLoss, gap) {
    const start = this.losses.length * this.size;
    if (start + this.size > this.steps.length) {
      const longer = new Float64Array(2 * this.steps.length);
      longer.set(this.steps);
      this.steps = longer;
    }
    this.steps.set(weights, start);
    this.losses.push(loss);
    if (testLoss !== null) this.testLosses.push(testLoss);
    this.gaps.push(gap);
  }
}

// Computes epochs until training converges, diverges, or is out of epochs.
//
// `problem` has the rows to train on (`compressed`), those to test on (`test` or null), the weights
// with the smallest loss (`optimum`), the `tolerance`, and two bounds: training has diverged when the
// loss exceeds its start by `divergedFactor`, and weights that no step changes are those of the
// optimum if the distance to it is at most `distanceAtRest`.
function descend(problem, { start, learningRate, epochs }) {
  const { compressed, test, optimum } = problem;
  const run = new Run(start.length);
  let weights = Float64Array.from(start);
  for (let epoch = 0; ; epoch++) {
    const loss = squaredResidual(compressed.X, weights, compressed.y) / compressed.n;
    const gap =
      squaredResidual(
        compressed.X,
        weights.map((w, j) => w - optimum[j]),
      ) / compressed.n;
    run.add(weights, loss, test && squaredResidual(test.X, weights, test.y) / test.n, gap);
    run.stopped = whyStopped(run, epochs, problem);
    if (run.stopped) return run;
    weights = step(compressed, weights, learningRate);
    if (isAtRest(run, weights, problem.distanceAtRest)) {
      run.stopped = "converged";
      return run;
    }
  }
}

function whyStopped({ losses, gaps, last }, epochs, { tolerance, divergedFactor }) {
  const [loss, gap] = [losses[last], gaps[last]];
  if (!Number.isFinite(loss) || (losses[0] > 0 && loss > divergedFactor * losses[0])) return "diverged";
  const distance = gaps[0] ? Math.sqrt(gap / gaps[0]) : 0;
  if (gap === 0 || distance <= tolerance) return "converged";
  return last === epochs ? "out of epochs" : "";
}

// Returns whether weights near the optimum are those of one of the last two epochs: float64 has no
// weights in between.
function isAtRest(run, weights, distanceAtRest) {
  const { gaps, last } = run;
  if (!(Math.sqrt(gaps[last] / gaps[0]) <= distanceAtRest)) return false;
  const isSame = (epoch) => run.weightsAt(epoch).every((w, j) => w === weights[j]);
  return isSame(last) || (last > 0 && isSame(last - 1));
}

// Returns weights of scaled features in the units of the columns: the slopes m, and the value b where
// all columns are 0.
function toColumns({ hasIntercept, centers, scales }, weights) {
  const slopes = scales.map((scale, j) => weights[j + (hasIntercept ? 1 : 0)] / scale);
  const moved = slopes.reduce((sum, m, j) => sum + m * centers[j], 0);
  return { b: (hasIntercept ? weights[0] : 0) - moved, slopes };
}

// Returns weights in the units of the columns as weights of scaled features.
function toScaled({ hasIntercept, centers, scales }, { b, slopes }) {
  const moved = slopes.reduce((sum, m, j) => sum + m * centers[j], 0);
  const scaled = slopes.map((m, j) => m * scales[j]);
  return hasIntercept ? [b + moved, ...scaled] : scaled;
}

// The loss around its optimum, for an intercept and one slope in the units of the columns: the gap
// is ‖R d‖² / n, for the distance d = (b - best b, m - best m) and R = [[bb, bm], [0, mm]].
function curvature({ compressed, centers, scales }) {
  // the columns of X times the way from (b, m) to the scaled weights
  const first = compressed.X.map((row) => row[0]);
  const second = compressed.X.map((row) => row[0] * centers[0] + row[1] * scales[0]);
  const bb = Math.hypot(...first);
  const bm = first.reduce((sum, value, i) => sum + value * second[i], 0) / bb;
  const mm = Math.hypot(...second.map((value, i) => value - (bm / bb) * first[i]));
  return { bb, bm, mm, n: compressed.n };
}

// Returns points (db, dm) around the optimum with one gap: an ellipse, or where the feature is constant
// and every m has the same loss, a very long one.
function levelSet({ bb, bm, mm, n }, gap, count) {
  const radius = Math.sqrt(gap * n);
  return Array.from({ length: count }, (_, i) => {
    const angle = (2 * Math.PI * i) / count;
    const dm = (radius * Math.sin(angle)) / (mm || bb * 1e-9);
    return [(radius * Math.cos(angle) - bm * dm) / bb, dm];
  });
}

// Returns the half width and half height (db, dm) of the rectangle around a level set.
function levelBox({ bb, bm, mm, n }, gap) {
  const radius = Math.sqrt(gap * n);
  return [radius * Math.hypot(1 / bb, bm / (bb * mm)), radius / mm];
}

// Returns the epochs that are played: all at first, and ever fewer of a long run.
function playedEpochs(last) {
  const ALL_UNTIL = 60;
  const GROWTH = 1.03;
  const epochs = [];
  for (let epoch = 0; epoch < last;) {
    epochs.push(epoch);
    epoch = epoch < ALL_UNTIL ? epoch + 1 : Math.max(epoch + 1, Math.round(epoch * GROWTH));
  }
  return [...epochs, last];
}
