// Gradient descent on the mean squared error, as linreg_cli/training/gradient_descent.py walks it:
//
//   loss = sum((X w - y)²) / n      gradient = 2/n Xᵀ(X w - y)      w ← w - learningRate · gradient
//
// X and y are the miniature: at most p + 2 rows with the loss and the gradients of all rows. So an
// epoch costs the same for any size of data. Nothing here knows of a page.
"use strict";

// A loss that has grown by this factor never comes back.
const DIVERGED = 1e6;

// Weights that no step changes are those of the optimum, if the distance is at most this.
const AT_REST = 1e-9;

const FIRST_CAPACITY = 1024;

// Gives the squared length of the residual X w - y; without y, of X w.
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

// Gives the weights after one epoch.
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
    this.gaps = []; // how far the loss is above the smallest one
    this.stopped = ""; // why there is no further epoch
    this.steps = new Float64Array(FIRST_CAPACITY * size);
  }

  get last() {
    return this.losses.length - 1;
  }

  // Gives the weights of an epoch, of the scaled features.
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

// Walks down the loss until it converges, diverges, or is out of epochs.
//
// `problem` has the rows to walk on (`miniature`), those to test on (`test` or null), the best
// weights (`optimum`) and the `tolerance`.
function descend(problem, { start, learningRate, epochs }) {
  const { miniature, test, optimum, tolerance } = problem;
  const run = new Run(start.length);
  let weights = Float64Array.from(start);
  for (let epoch = 0; ; epoch++) {
    const loss = squaredResidual(miniature.X, weights, miniature.y) / miniature.n;
    const gap =
      squaredResidual(
        miniature.X,
        weights.map((w, j) => w - optimum[j]),
      ) / miniature.n;
    run.add(weights, loss, test && squaredResidual(test.X, weights, test.y) / test.n, gap);
    run.stopped = whyStopped(run, epochs, tolerance);
    if (run.stopped) return run;
    weights = step(miniature, weights, learningRate);
    if (isAtRest(run, weights)) {
      run.stopped = "converged";
      return run;
    }
  }
}

function whyStopped({ losses, gaps, last }, epochs, tolerance) {
  const [loss, gap] = [losses[last], gaps[last]];
  if (!Number.isFinite(loss) || (losses[0] > 0 && loss > DIVERGED * losses[0])) return "diverged";
  const distance = gaps[0] ? Math.sqrt(gap / gaps[0]) : 0;
  if (gap === 0 || distance <= tolerance) return "converged";
  return last === epochs ? "out of epochs" : "";
}

// Tells whether the weights next to the optimum are those of an epoch before: the limits of float64.
function isAtRest(run, weights) {
  const { gaps, last } = run;
  if (!(Math.sqrt(gaps[last] / gaps[0]) <= AT_REST)) return false;
  const isSame = (epoch) => run.weightsAt(epoch).every((w, j) => w === weights[j]);
  return isSame(last) || (last > 0 && isSame(last - 1));
}

// Turns weights of scaled features into weights of the columns: the intercept b and the slopes m.
function toColumns({ hasIntercept, centers, scales }, weights) {
  const slopes = scales.map((scale, j) => weights[j + (hasIntercept ? 1 : 0)] / scale);
  const moved = slopes.reduce((sum, m, j) => sum + m * centers[j], 0);
  return { b: hasIntercept ? weights[0] - moved : 0, slopes };
}

// The way back.
function toScaled({ hasIntercept, centers, scales }, { b, slopes }) {
  const moved = slopes.reduce((sum, m, j) => sum + m * centers[j], 0);
  const scaled = slopes.map((m, j) => m * scales[j]);
  return hasIntercept ? [b + moved, ...scaled] : scaled;
}

// The loss around its optimum, for an intercept and one slope in the units of the columns: the gap
// is ‖R d‖² / n, for the distance d = (b - best b, m - best m) and R = [[bb, bm], [0, mm]].
function curvature({ miniature, centers, scales }) {
  // the columns of X times the way from (b, m) to the scaled weights
  const first = miniature.X.map((row) => row[0]);
  const second = miniature.X.map((row) => row[0] * centers[0] + row[1] * scales[0]);
  const bb = Math.hypot(...first);
  const bm = first.reduce((sum, value, i) => sum + value * second[i], 0) / bb;
  const mm = Math.hypot(...second.map((value, i) => value - (bm / bb) * first[i]));
  return { bb, bm, mm, n: miniature.n };
}

// Gives points (db, dm) around the optimum with one gap: an ellipse, or where the feature is constant
// and every m is as good, a very long one.
function levelSet({ bb, bm, mm, n }, gap, count) {
  const radius = Math.sqrt(gap * n);
  return Array.from({ length: count }, (_, i) => {
    const angle = (2 * Math.PI * i) / count;
    const dm = (radius * Math.sin(angle)) / (mm || bb * 1e-9);
    return [(radius * Math.cos(angle) - bm * dm) / bb, dm];
  });
}

// Gives the half width and half height (db, dm) of the rectangle around a level set.
function levelBox({ bb, bm, mm, n }, gap) {
  const radius = Math.sqrt(gap * n);
  return [radius * Math.hypot(1 / bb, bm / (bb * mm)), radius / mm];
}

// Chooses the epochs that are played: all at first, and later ever fewer of a long run.
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
