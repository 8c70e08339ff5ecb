// The Python types of sums of records, for _extension.cpp, which has what they need.
//
//     Summer     columns and the form of a file
//       .sum(data)                        whole records -> results, or None
//       .sum_file(descriptor, ...)        FileSums: an iterator of results
//
// Results are a tuple: (records, lines, missing cells, groupings, sums), the third and fourth for
// each column. Sums are (decimals, rows, limbs, least, most, origin, fourth) for each set of decimals.

#pragma once

#include "file_pass.hpp"
#include "summed_records.hpp"

namespace {

PyObject* extents_as_bytes(const Sums& sums, int64_t Extent::*end) {
    std::vector<int64_t> ends;
    for (const Extent& extent : sums.extents) ends.push_back(extent.*end);
    return as_bytes(ends);
}

PyObject* sums_of(const SummedRecords& found) {
    PyObject* all = PyList_New(0);
    for (const auto& each : found.sums) {
        const Sums& sums = each.second;
        PyObject* item = Py_BuildValue("(NLNNNNN)", as_tuple(each.first),
                                       static_cast<long long>(sums.rows), as_bytes(sums.limbs),
                                       extents_as_bytes(sums, &Extent::least),
                                       extents_as_bytes(sums, &Extent::most),
                                       as_bytes(sums.origin), as_bytes(sums.fourth));
        if (item == nullptr || PyList_Append(all, item) != 0) Py_CLEAR(all);
        Py_XDECREF(item);
        if (all == nullptr) return nullptr;
    }
    return all;
}

PyObject* results_of(const SummedRecords& found) {
    return Py_BuildValue("(LLNNN)", static_cast<long long>(found.records),
                         static_cast<long long>(found.lines), as_tuple(found.missing),
                         as_tuple(found.groupings), sums_of(found));
}

// ---------------------------------------------------------------- a file

using SumPass = FilePass<SummedRecords>;

struct FileSumsObject {
    PyObject_HEAD
    std::unique_ptr<SumPass> pass;
};

// The results of the next ranges together; waits without the lock, and looks for Ctrl-C.
PyObject* next_sums(PyObject* self) {
    SumPass* pass = reinterpret_cast<FileSumsObject*>(self)->pass.get();
    while (true) {
        SummedRecords found;
        SumPass::State state = SumPass::State::over;
        const bool is_done = without_lock([&] { state = pass->take(&found, kPatience); });
        if (!is_done || PyErr_CheckSignals() != 0) return nullptr;
        if (state == SumPass::State::taken) return results_of(found);
        if (state == SumPass::State::over) return nullptr;
    }
}

PyObject* sums_offset(PyObject* self, void*) {
    return PyLong_FromLongLong(reinterpret_cast<FileSumsObject*>(self)->pass->offset());
}

void free_file_sums(PyObject* self) {
    auto* file = reinterpret_cast<FileSumsObject*>(self);
    Py_BEGIN_ALLOW_THREADS
    file->pass.reset();
    Py_END_ALLOW_THREADS
    file->pass.~unique_ptr();
    Py_TYPE(self)->tp_free(self);
}

PyGetSetDef file_sums_members[] = {
    {"offset", sums_offset, nullptr, "Where the records begin that were not read.", nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr}};

PyTypeObject file_sums_type = [] {
    PyTypeObject type = {PyVarObject_HEAD_INIT(nullptr, 0)};
    type.tp_name = "linreg_cli.native._extension.FileSums";
    type.tp_basicsize = sizeof(FileSumsObject);
    type.tp_dealloc = free_file_sums;
    type.tp_flags = Py_TPFLAGS_DEFAULT;
    type.tp_iter = PyObject_SelfIter;
    type.tp_iternext = next_sums;
    type.tp_getset = file_sums_members;
    return type;
}();

// ---------------------------------------------------------------- summer

struct SummerObject {
    PyObject_HEAD
    std::shared_ptr<const Summer> summer;
};

PyObject* new_summer(PyTypeObject* type, PyObject* args, PyObject*) {
    const char *delimiter, *point;
    PyObject *positions, *missing;
    int width, has_empty_last, allows_missing, sums_fourth;
    if (!PyArg_ParseTuple(args, "ssipO!O!pp", &delimiter, &point, &width, &has_empty_last,
                          &PyTuple_Type, &positions, &PyTuple_Type, &missing, &allows_missing,
                          &sums_fourth)) {
        return nullptr;
    }
    auto made = std::make_shared<Summer>();
    made->layout = Layout{*delimiter, *point, width, has_empty_last != 0, {}, {}, false};
    made->allows_missing = allows_missing != 0;
    if (sums_fourth != 0) made->origins = std::make_shared<Origins>();
    choose(&made->layout);
    bool fits = PyTuple_GET_SIZE(positions) > 0 && read_missing(missing, &made->layout.missing);
    for (Py_ssize_t j = 0; fits && j < PyTuple_GET_SIZE(positions); j++) {
        const long field = PyLong_AsLong(PyTuple_GET_ITEM(positions, j));
        fits = 0 <= field && field < width;
        made->layout.wanted.push_back(static_cast<int>(field));
    }
    if (!fits) {
        if (!PyErr_Occurred()) PyErr_SetString(PyExc_ValueError, "positions are those of fields");
        return nullptr;
    }
    PyObject* self = type->tp_alloc(type, 0);
    if (self == nullptr) return nullptr;
    auto* summer = reinterpret_cast<SummerObject*>(self);
    new (&summer->summer) std::shared_ptr<const Summer>(std::move(made));
    return self;
}

void free_summer(PyObject* self) {
    reinterpret_cast<SummerObject*>(self)->summer.~shared_ptr();
    Py_TYPE(self)->tp_free(self);
}

PyObject* sum_data(PyObject* self, PyObject* args) {
    Py_buffer data;
    if (!PyArg_ParseTuple(args, "y*", &data)) return nullptr;
    SummedRecords found;
    const bool is_done = without_lock([&] {
        sum_records(static_cast<const char*>(data.buf), static_cast<size_t>(data.len),
                    *reinterpret_cast<SummerObject*>(self)->summer, &found);
    });
    PyBuffer_Release(&data);
    if (!is_done) return nullptr;
    if (!found.is_sure) Py_RETURN_NONE;
    return results_of(found);
}

PyObject* sum_file(PyObject* self, PyObject* args) {
    int descriptor;
    long long start, end;
    Py_ssize_t range_bytes, threads;
    if (!PyArg_ParseTuple(args, "iLLnn", &descriptor, &start, &end, &range_bytes, &threads)) {
        return nullptr;
    }
    if (start < 0 || end < start || range_bytes < 1 || threads < 1) {
        PyErr_SetString(PyExc_ValueError, "a range of a file has a start, an end and a size");
        return nullptr;
    }
    PyObject* result = file_sums_type.tp_alloc(&file_sums_type, 0);
    if (result == nullptr) return nullptr;
    auto* file = reinterpret_cast<FileSumsObject*>(result);
    new (&file->pass) std::unique_ptr<SumPass>();
    const FileRanges ranges{descriptor, start, end, static_cast<size_t>(range_bytes)};
    const auto work = [summer = reinterpret_cast<SummerObject*>(self)->summer](
                          const char* data, size_t size, SummedRecords* found) {
        sum_records(data, size, *summer, found);
    };
    try {
        file->pass.reset(new SumPass(ranges, static_cast<size_t>(threads), work, {true}));
    } catch (const std::exception& error) {
        Py_DECREF(result);
        return PyErr_Format(PyExc_RuntimeError, "cannot start threads: %s", error.what());
    }
    return result;
}

PyMethodDef summer_methods[] = {
    {"sum", sum_data, METH_VARARGS, "sum(data): the results for whole records, or None if unsure."},
    {"sum_file", sum_file, METH_VARARGS,
     "sum_file(descriptor, start, end, range_bytes, threads): an iterator of the results for the "
     "records of a file up to where it is unsure or near its end; its attribute `offset` says where."},
    {nullptr, nullptr, 0, nullptr}};

PyTypeObject summer_type = [] {
    PyTypeObject type = {PyVarObject_HEAD_INIT(nullptr, 0)};
    type.tp_name = "linreg_cli.native._extension.Summer";
    type.tp_basicsize = sizeof(SummerObject);
    type.tp_dealloc = free_summer;
    type.tp_flags = Py_TPFLAGS_DEFAULT;
    type.tp_doc = "The columns whose products are summed, and the form of a file.";
    type.tp_methods = summer_methods;
    type.tp_new = new_summer;
    return type;
}();

// Adds the types to the module; false, with an error set, if that fails.
bool add_summer_types(PyObject* made) {
    return PyType_Ready(&file_sums_type) == 0 && PyModule_AddType(made, &summer_type) == 0;
}

}  // namespace
