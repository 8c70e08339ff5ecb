// The Python types of predictions for records, for _extension.cpp, which has what they need.
//
//     Predictor    a model and the form of a file
//       .predict(data)                        whole records -> results, or None
//       .predict_file(descriptor, ...)        FilePrediction: writes, an iterator of results
//
// Results are a tuple: (text, records, lines, complete rows, missing cells, values outside of the
// training range, groupings), the last three for each feature.

#pragma once

#include <cerrno>

#include "predicted_records.hpp"
#include "written_pass.hpp"

namespace {

template <typename T>
PyObject* as_tuple(const std::vector<T>& values) {
    PyObject* tuple = PyTuple_New(static_cast<Py_ssize_t>(values.size()));
    for (size_t i = 0; tuple != nullptr && i < values.size(); i++) {
        PyTuple_SET_ITEM(tuple, static_cast<Py_ssize_t>(i), PyLong_FromLongLong(values[i]));
    }
    return tuple;
}

PyObject* results_of(const PredictedRecords& found) {
    const auto size = static_cast<Py_ssize_t>(found.size);
    return Py_BuildValue("(NLLLNNN)", PyBytes_FromStringAndSize(found.text.data(), size),
                         static_cast<long long>(found.records),
                         static_cast<long long>(found.lines),
                         static_cast<long long>(found.complete), as_tuple(found.missing),
                         as_tuple(found.outside), as_tuple(found.groupings));
}

// ---------------------------------------------------------------- a file

struct FilePredictionObject {
    PyObject_HEAD
    std::shared_ptr<const Predictor> predictor;
    std::unique_ptr<WrittenPass> pass;
};

// The counts of what was written since the last time; looks for Ctrl-C now and then.
PyObject* next_results(PyObject* self) {
    WrittenPass* pass = reinterpret_cast<FilePredictionObject*>(self)->pass.get();
    while (true) {
        PredictedRecords all;
        WrittenPass::State state = WrittenPass::State::over;
        const bool is_done = without_lock([&] { state = pass->write_for_a_while(&all); });
        if (!is_done || PyErr_CheckSignals() != 0) return nullptr;
        if (state == WrittenPass::State::failed) {
            errno = pass->error();
            return PyErr_SetFromErrno(PyExc_OSError);
        }
        if (all.records > 0) return results_of(all);
        if (state == WrittenPass::State::over) return nullptr;
    }
}

PyObject* file_offset(PyObject* self, void*) {
    return PyLong_FromLongLong(reinterpret_cast<FilePredictionObject*>(self)->pass->offset());
}

void free_file_prediction(PyObject* self) {
    auto* file = reinterpret_cast<FilePredictionObject*>(self);
    Py_BEGIN_ALLOW_THREADS
    file->pass.reset();
    Py_END_ALLOW_THREADS
    file->pass.~unique_ptr();
    file->predictor.~shared_ptr();
    Py_TYPE(self)->tp_free(self);
}

PyGetSetDef file_prediction_members[] = {
    {"offset", file_offset, nullptr, "Where the records begin that were not read.", nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr}};

PyTypeObject file_prediction_type = [] {
    PyTypeObject type = {PyVarObject_HEAD_INIT(nullptr, 0)};
    type.tp_name = "linreg_cli.native._extension.FilePrediction";
    type.tp_basicsize = sizeof(FilePredictionObject);
    type.tp_dealloc = free_file_prediction;
    type.tp_flags = Py_TPFLAGS_DEFAULT;
    type.tp_iter = PyObject_SelfIter;
    type.tp_iternext = next_results;
    type.tp_getset = file_prediction_members;
    return type;
}();

// ---------------------------------------------------------------- predictor

struct PredictorObject {
    PyObject_HEAD
    std::shared_ptr<const Predictor> predictor;
};

// Reads what a predictor is made of; false, with an error set, if it does not fit together.
bool read_predictor(PyObject* args, Predictor* made) {
    const char *delimiter, *point, *written_delimiter, *written_point, *line_end;
    PyObject *positions, *missing;
    Py_buffer slopes, scales, tens;
    int width, has_empty_last, allows_missing, repeats;
    if (!PyArg_ParseTuple(args, "ssipO!O!py*dy*y*issyp", &delimiter, &point, &width, &has_empty_last,
                          &PyTuple_Type, &positions, &PyTuple_Type, &missing, &allows_missing,
                          &slopes, &made->value, &scales, &tens, &made->digits,
                          &written_delimiter, &written_point, &line_end, &repeats)) {
        return false;
    }
    const auto features = static_cast<size_t>(PyTuple_GET_SIZE(positions));
    const size_t count = features * (kMostPlaces + 1);
    bool fits = features > 0 && static_cast<size_t>(slopes.len) == features * sizeof(double) &&
                static_cast<size_t>(scales.len) == count * 5 * sizeof(int64_t) &&
                static_cast<size_t>(tens.len) == count * sizeof(double) &&
                0 <= made->digits && made->digits <= kMostRounded;
    made->layout = Layout{*delimiter, *point, width, has_empty_last != 0, {}, {}, false};
    choose(&made->layout);
    for (size_t j = 0; fits && j < features; j++) {
        const long field = PyLong_AsLong(PyTuple_GET_ITEM(positions, static_cast<Py_ssize_t>(j)));
        fits = 0 <= field && field < width;
        made->layout.wanted.push_back(static_cast<int>(field));
    }
    if (fits) {
        const auto* numbers = static_cast<const int64_t*>(scales.buf);
        const auto* powers = static_cast<const double*>(tens.buf);
        made->slopes.assign(static_cast<const double*>(slopes.buf),
                            static_cast<const double*>(slopes.buf) + features);
        for (size_t i = 0; i < count; i++, numbers += 5) {
            made->scales.push_back(
                {numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], powers[i]});
        }
        made->allows_missing = allows_missing != 0;
        made->repeats = repeats != 0;
        made->delimiter = *written_delimiter;
        made->point = *written_point;
        made->line_end = line_end;
    } else if (!PyErr_Occurred()) {
        PyErr_SetString(PyExc_ValueError, "the arrays do not fit together");
    }
    for (Py_buffer* buffer : {&slopes, &scales, &tens}) PyBuffer_Release(buffer);
    return fits && read_missing(missing, &made->layout.missing);
}

PyObject* new_predictor(PyTypeObject* type, PyObject* args, PyObject*) {
    auto made = std::make_shared<Predictor>();
    if (!read_predictor(args, made.get())) return nullptr;
    PyObject* self = type->tp_alloc(type, 0);
    if (self == nullptr) return nullptr;
    auto* predictor = reinterpret_cast<PredictorObject*>(self);
    new (&predictor->predictor) std::shared_ptr<const Predictor>(std::move(made));
    return self;
}

void free_predictor(PyObject* self) {
    auto* predictor = reinterpret_cast<PredictorObject*>(self);
    predictor->predictor.~shared_ptr();
    Py_TYPE(self)->tp_free(self);
}

PyObject* predict_for_data(PyObject* self, PyObject* args) {
    Py_buffer data;
    if (!PyArg_ParseTuple(args, "y*", &data)) return nullptr;
    auto* predictor = reinterpret_cast<PredictorObject*>(self);
    PredictedRecords found;
    const bool is_done = without_lock([&] {
        predict_records(static_cast<const char*>(data.buf), static_cast<size_t>(data.len),
                        *predictor->predictor, &found);
    });
    PyBuffer_Release(&data);
    if (!is_done) return nullptr;
    if (!found.is_sure) Py_RETURN_NONE;
    return results_of(found);
}

PyObject* predict_for_file(PyObject* self, PyObject* args) {
    int descriptor, output;
    long long start, end;
    Py_ssize_t range_bytes, threads;
    if (!PyArg_ParseTuple(args, "iLLnni", &descriptor, &start, &end, &range_bytes, &threads,
                          &output)) {
        return nullptr;
    }
    if (start < 0 || end < start || range_bytes < 1 || threads < 1) {
        PyErr_SetString(PyExc_ValueError, "a range of a file has a start, an end and a size");
        return nullptr;
    }
    PyObject* result = file_prediction_type.tp_alloc(&file_prediction_type, 0);
    if (result == nullptr) return nullptr;
    auto* file = reinterpret_cast<FilePredictionObject*>(result);
    new (&file->predictor)
        std::shared_ptr<const Predictor>(reinterpret_cast<PredictorObject*>(self)->predictor);
    new (&file->pass) std::unique_ptr<WrittenPass>();
    const FileRanges ranges{descriptor, start, end, static_cast<size_t>(range_bytes)};
    const auto work = [model = file->predictor](const char* data, size_t size,
                                                PredictedRecords* found) {
        predict_records(data, size, *model, found);
    };
    try {
        file->pass.reset(new WrittenPass(ranges, static_cast<size_t>(threads), work, output));
    } catch (const std::exception& error) {
        Py_DECREF(result);
        return PyErr_Format(PyExc_RuntimeError, "cannot start threads: %s", error.what());
    }
    return result;
}

PyMethodDef predictor_methods[] = {
    {"predict", predict_for_data, METH_VARARGS,
     "predict(data): the results for whole records, or None if unsure."},
    {"predict_file", predict_for_file, METH_VARARGS,
     "predict_file(descriptor, start, end, range_bytes, threads, output): writes the text for the "
     "records of a file up to where it is unsure or near its end to a descriptor; an iterator of "
     "the other results, whose attribute `offset` says where."},
    {nullptr, nullptr, 0, nullptr}};

PyTypeObject predictor_type = [] {
    PyTypeObject type = {PyVarObject_HEAD_INIT(nullptr, 0)};
    type.tp_name = "linreg_cli.native._extension.Predictor";
    type.tp_basicsize = sizeof(PredictorObject);
    type.tp_dealloc = free_predictor;
    type.tp_flags = Py_TPFLAGS_DEFAULT;
    type.tp_doc = "A model, and the form of a file that it predicts for.";
    type.tp_methods = predictor_methods;
    type.tp_new = new_predictor;
    return type;
}();

// Adds the types to the module; false, with an error set, if that fails.
bool add_predictor_types(PyObject* made) {
    return PyType_Ready(&file_prediction_type) == 0 &&
           PyModule_AddType(made, &predictor_type) == 0;
}

}  // namespace
