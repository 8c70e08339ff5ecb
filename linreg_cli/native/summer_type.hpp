// The Python types of sums of records, for _extension.cpp, which has what they need.
//
//     Summer     columns, the first of which may be a key, or the last weights, the form of a file, and
//                a split
//       .sum(data)                        whole records -> results, or None
//       .sum_file(descriptor, ...)        FileSums: an iterator of results
//
// Results are (counts, sums, tables). Counts are (records, lines, used, without key, weightless,
// missing cells, groupings), the last two for each column. Sums are (part, decimals, rows, limbs,
// least, most, origin, fourth, logarithms of the weights) for each part and set of decimals; where
// there is a key, tables are (decimals, keys, rows, limbs, least, most, weightless, logarithms of the
// weights), with the parts of each key next to each other. For a file they come last, with no counts.

#pragma once

#include "file_pass.hpp"
#include "summed_records.hpp"

namespace {

PyObject* extents_as_bytes(const Sums& sums, int64_t Extent::*end) {
    std::vector<int64_t> ends;
    for (const Extent& extent : sums.extents) ends.push_back(extent.*end);
    return as_bytes(ends);
}

PyObject* item_of(const SumsByPart::key_type& place, const Sums& sums) {
    return Py_BuildValue("(nNLNNNNNN)", static_cast<Py_ssize_t>(place.first), as_tuple(place.second),
                         static_cast<long long>(sums.rows), as_bytes(sums.limbs),
                         extents_as_bytes(sums, &Extent::least),
                         extents_as_bytes(sums, &Extent::most), as_bytes(sums.origin),
                         as_bytes(sums.fourth), as_bytes(std::vector<int128>{sums.log_weights}));
}

PyObject* item_of(const std::vector<int>& decimals, const GroupTable& table) {
    const std::vector<std::string> keys(table.keys.texts().begin(), table.keys.texts().end());
    return Py_BuildValue("(NNNNNNNN)", as_tuple(decimals), as_tuple(keys), as_bytes(table.sums.rows),
                         as_bytes(table.sums.limbs()), as_bytes(table.sums.ends(&Extent::least)),
                         as_bytes(table.sums.ends(&Extent::most)),
                         as_bytes(table.sums.weightless), as_bytes(table.sums.log_weights));
}

template <typename Found>
PyObject* items_of(const Found& found) {
    PyObject* all = PyList_New(0);
    for (const auto& each : found) {
        PyObject* item = item_of(each.first, each.second);
        if (item == nullptr || PyList_Append(all, item) != 0) Py_CLEAR(all);
        Py_XDECREF(item);
        if (all == nullptr) return nullptr;
    }
    return all;
}

PyObject* results_of(const SummedRecords& found, const Totals& totals) {
    if (totals.has_no_room) return PyErr_NoMemory();
    return Py_BuildValue("((LLLLLNN)NN)", static_cast<long long>(found.records),
                         static_cast<long long>(found.lines), static_cast<long long>(found.used),
                         static_cast<long long>(found.without_key),
                         static_cast<long long>(found.weightless), as_tuple(found.missing),
                         as_tuple(found.groupings), items_of(totals.sums),
                         items_of(totals.groups.tables));
}

// ---------------------------------------------------------------- a file

using SumPass = FilePass<SummedRecords>;

struct FileSumsObject {
    PyObject_HEAD
    std::shared_ptr<Totals> totals;  // null if they were given
    std::unique_ptr<SumPass> pass;
    size_t columns;
};

// The counts of the next ranges together, and at the end the sums, which no thread changes any more;
// waits without the lock, and looks for Ctrl-C.
PyObject* next_sums(PyObject* self) {
    auto* file = reinterpret_cast<FileSumsObject*>(self);
    SumPass* pass = file->pass.get();
    SummedRecords found;
    auto state = SumPass::State::waiting;
    while (state == SumPass::State::waiting) {
        const bool is_done = without_lock([&] { state = pass->take(&found, kPatience); });
        if (!is_done || PyErr_CheckSignals() != 0) return nullptr;
    }
    if (state == SumPass::State::taken) return results_of(found, Totals());
    const std::shared_ptr<Totals> totals = std::move(file->totals);
    if (totals == nullptr) return nullptr;
    found.missing.assign(file->columns, 0);
    found.groupings.assign(file->columns, 0);
    return results_of(found, *totals);
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
    file->totals.~shared_ptr();
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

std::vector<int64_t> integers_of(const Py_buffer& buffer) {
    const auto* first = static_cast<const int64_t*>(buffer.buf);
    return {first, first + static_cast<size_t>(buffer.len) / sizeof(int64_t)};
}

PyObject* new_summer(PyTypeObject* type, PyObject* args, PyObject*) {
    const char *delimiter, *point;
    PyObject *positions, *missing;
    int width, has_empty_last, allows_missing, keeps_missing, sums_fourth, is_weighted;
    Py_ssize_t keys;
    Py_buffer factors, bounds;
    if (!PyArg_ParseTuple(args, "ssipO!O!nppppy*y*", &delimiter, &point, &width, &has_empty_last,
                          &PyTuple_Type, &positions, &PyTuple_Type, &missing, &keys,
                          &allows_missing, &keeps_missing, &sums_fourth, &is_weighted, &factors,
                          &bounds)) {
        return nullptr;
    }
    auto made = std::make_shared<Summer>();
    made->layout = Layout{*delimiter, *point, width, has_empty_last != 0, {}, {}, false};
    made->allows_missing = allows_missing != 0;
    made->keeps_missing = keeps_missing != 0;
    if (sums_fourth != 0) made->origins = std::make_shared<Origins>();
    made->is_weighted = is_weighted != 0;
    choose(&made->layout);
    made->split = Split(integers_of(factors), integers_of(bounds));
    const auto size = static_cast<Py_ssize_t>(sizeof(int64_t));
    const Py_ssize_t numbers = PyTuple_GET_SIZE(positions) - keys;
    bool fits = 0 <= keys && is_weighted < numbers && (keys > 0 || is_weighted) + sums_fourth <= 1 &&
                factors.len == (bounds.len > 0 ? 2 * numbers * size : 0) &&
                read_missing(missing, &made->layout.missing);
    PyBuffer_Release(&factors);
    PyBuffer_Release(&bounds);
    for (Py_ssize_t j = 0; fits && j < PyTuple_GET_SIZE(positions); j++) {
        const long field = PyLong_AsLong(PyTuple_GET_ITEM(positions, j));
        fits = 0 <= field && field < width;
        made->layout.wanted.push_back(static_cast<int>(field));
    }
    if (!fits) {
        if (!PyErr_Occurred()) PyErr_SetString(PyExc_ValueError, "positions are those of fields");
        return nullptr;
    }
    made->layout.categories = made->layout.keys = static_cast<size_t>(keys);
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
    Totals totals;
    const bool is_done = without_lock([&] {
        sum_records(static_cast<const char*>(data.buf), static_cast<size_t>(data.len),
                    *reinterpret_cast<SummerObject*>(self)->summer, &found);
        if (found.is_sure) totals.take(&found);
    });
    PyBuffer_Release(&data);
    if (!is_done) return nullptr;
    if (!found.is_sure && !totals.has_no_room) Py_RETURN_NONE;
    return results_of(found, totals);
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
    new (&file->totals) std::shared_ptr<Totals>();
    file->columns = reinterpret_cast<SummerObject*>(self)->summer->layout.wanted.size();
    const FileRanges ranges{descriptor, start, end, static_cast<size_t>(range_bytes)};
    const auto work = [summer = reinterpret_cast<SummerObject*>(self)->summer](
                          const char* data, size_t size, SummedRecords* found) {
        sum_records(data, size, *summer, found);
    };
    try {
        file->totals = std::make_shared<Totals>();
        const Finish<SummedRecords> finish{
            true, [totals = file->totals](SummedRecords* found) { totals->take(found); }};
        file->pass.reset(new SumPass(ranges, static_cast<size_t>(threads), work, finish));
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
    type.tp_doc = "The columns whose products are summed, by group if there is a key, and the form of a file.";
    type.tp_methods = summer_methods;
    type.tp_new = new_summer;
    return type;
}();

// Adds the types to the module; false, with an error set, if that fails.
bool add_summer_types(PyObject* made) {
    return PyType_Ready(&file_sums_type) == 0 && PyModule_AddType(made, &summer_type) == 0;
}

}  // namespace
