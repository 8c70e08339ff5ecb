"""The plot of the loss by epoch, with the smallest possible loss."""

import numpy as np

from linreg_cli.errors import count_of
from linreg_cli.exact import Floats
from linreg_cli.model import Model
from linreg_cli.output.plots.picture import Axis, Curve, Layer, Panel, Picture, Role, Scale
from linreg_cli.output.plots.retrace import retrace


def loss_picture(model: Model) -> Picture:
    """Return the picture of the loss of each epoch, from the model alone.

    Raises
    ------
    UsageError
        If the model was solved without a descent.

    """
    problem, descent, walked = retrace(model)
    epochs = np.array([epoch.number for epoch in walked], dtype=np.float64)
    train = np.array([epoch.loss for epoch in walked])
    best = problem.best_loss
    losses = [train]
    has_test = descent.test is not None
    if has_test:
        losses.append(np.array([descent.test_loss(epoch) for epoch in walked], dtype=np.float64))
    scale: Scale = "log" if any((loss > 0).any() for loss in losses) else "linear"
    roles = ((Role.LOSS, "training loss" if has_test else "loss"), (Role.TEST_LOSS, "test loss"))
    layers: list[Layer] = []
    notes = []
    if scale == "log" and not best > 0:
        notes.append("the smallest possible loss is 0, which a log scale cannot show")
    else:
        ends, level = epochs[[0, -1]], np.array([best, best])
        label = f"smallest possible {best:.6g}"
        layers.append(Curve(role=Role.REFERENCE, label=label, x=ends, y=level))
    layers += [
        _curve(role, label, epochs, loss, scale)
        for (role, label), loss in zip(roles, losses, strict=False)
    ]
    squared = "mean squared error" + (" + ridge penalty" if problem.l2 else "")
    last = walked[-1].number
    how = f"{model.y}: {model.training.stopped} after {count_of(last, 'epoch')}"
    rate = f"learning rate {descent.settings.learning_rate:.6g}"
    return Picture(
        title=(f"{how}, {rate}",),
        panels=(
            Panel(
                x=Axis(label="epoch", scale="from zero"),
                y=Axis(label=f"loss ({squared})", scale=scale),
                layers=tuple(layers),
            ),
        ),
        notes=tuple(notes),
    )


def _curve(role: Role, label: str, epochs: Floats, loss: Floats, scale: Scale) -> Curve:
    shown = loss > 0 if scale == "log" else np.ones(len(loss), np.bool_)
    return Curve(role=role, label=label, x=epochs[shown], y=loss[shown])
