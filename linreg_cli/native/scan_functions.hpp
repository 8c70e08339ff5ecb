// The functions for Python that scan a chunk, for _extension.cpp, which has what they need.
//
//     scan_chunk        the complete rows of some columns, all together
//     scan_columns      all columns, each by itself
//     last_record_end   where the last whole record ends

#pragma once

#include "scan.hpp"

namespace {

// What each thread reads with: it keeps its memory.
Scan& scan_of_thread() {
    thread_local Scan scan;
    return scan;
}

// The columns of a scan, one after the other, as int64.
PyObject* columns_as_bytes(const Scan& scan) {
    size_t rows = scan.columns[0].values.size();
    PyObject* bytes = PyBytes_FromStringAndSize(
        nullptr, static_cast<Py_ssize_t>(scan.columns.size() * rows * sizeof(int64_t)));
    if (bytes == nullptr) return nullptr;
    char* to = PyBytes_AS_STRING(bytes);
    for (const Column& column : scan.columns) {
        std::memcpy(to, column.values.data(), rows * sizeof(int64_t));
        to += rows * sizeof(int64_t);
    }
    return bytes;
}

// The levels of each category.
PyObject* levels_of(const Scan& scan, size_t categories) {
    PyObject* found = PyTuple_New(static_cast<Py_ssize_t>(categories));
    for (size_t j = 0; found != nullptr && j < categories; j++) {
        PyObject* levels = as_tuple(scan.columns[j].levels.levels());
        if (levels == nullptr) {
            Py_CLEAR(found);
        } else {
            PyTuple_SET_ITEM(found, static_cast<Py_ssize_t>(j), levels);
        }
    }
    return found;
}

// Where all records begin, or end.
std::vector<int64_t> offsets_of(const Scan& scan, uint32_t Cell::*edge) {
    std::vector<int64_t> offsets;
    for (size_t i = 0; i < scan.spans.size(); i++) offsets.push_back(scan.spans[i].*edge);
    return offsets;
}

PyObject* result_of(const Scan& scan, bool keeps_records, size_t categories) {
    Py_ssize_t count = static_cast<Py_ssize_t>(scan.columns.size());
    PyObject* decimals = PyTuple_New(count);
    PyObject* missing = PyTuple_New(count);
    PyObject* groupings = PyTuple_New(count);
    if (decimals == nullptr || missing == nullptr || groupings == nullptr) return nullptr;
    for (Py_ssize_t j = 0; j < count; j++) {
        const Column& column = scan.columns[static_cast<size_t>(j)];
        PyTuple_SET_ITEM(decimals, j, PyLong_FromLong(column.decimals));
        PyTuple_SET_ITEM(missing, j, PyLong_FromLongLong(column.missing));
        PyTuple_SET_ITEM(groupings, j, PyLong_FromLong(static_cast<long>(column.grouping)));
    }
    PyObject* levels = levels_of(scan, categories);
    if (levels == nullptr) return nullptr;
    return Py_BuildValue("(LLNNNNNNNN)", static_cast<long long>(scan.records),
                         static_cast<long long>(scan.lines), columns_as_bytes(scan), decimals, missing,
                         as_bytes(offsets_of(scan, &Cell::begin)), as_bytes(offsets_of(scan, &Cell::end)),
                         keeps_records ? as_bytes(scan.complete) : PyBytes_FromString(""),
                         groupings, levels);
}

PyObject* scan_chunk(PyObject*, PyObject* args) {
    Py_buffer data;
    int delimiter, point, width, has_empty_last, keeps_records;
    Py_ssize_t categories, keys;
    PyObject *positions, *missing;
    if (!PyArg_ParseTuple(args, "y*CCipO!O!pnn", &data, &delimiter, &point, &width, &has_empty_last,
                          &PyTuple_Type, &positions, &PyTuple_Type, &missing, &keeps_records,
                          &categories, &keys)) {
        return nullptr;
    }
    Layout layout{static_cast<char>(delimiter), static_cast<char>(point), width,
                  has_empty_last != 0, {}, {}, false};
    choose(&layout);
    bool valid = PyTuple_GET_SIZE(positions) > 0 && 0 <= keys && keys <= categories &&
                 categories <= PyTuple_GET_SIZE(positions) && read_missing(missing, &layout.missing);
    layout.categories = static_cast<size_t>(categories);
    layout.keys = static_cast<size_t>(keys);
    for (Py_ssize_t j = 0; valid && j < PyTuple_GET_SIZE(positions); j++) {
        long position = PyLong_AsLong(PyTuple_GET_ITEM(positions, j));
        valid = position >= 0 && position < width;
        layout.wanted.push_back(static_cast<int>(position));
    }
    if (!valid) {
        PyBuffer_Release(&data);
        if (!PyErr_Occurred()) PyErr_SetString(PyExc_ValueError, "positions are those of fields");
        return nullptr;
    }
    Scan& found = scan_of_thread();
    const bool is_done = without_lock([&] {
        found.read(static_cast<const char*>(data.buf), static_cast<size_t>(data.len), layout,
                   keeps_records != 0);
    });
    PyBuffer_Release(&data);
    if (!is_done) return nullptr;
    if (!found.is_sure) Py_RETURN_NONE;
    return result_of(found, keeps_records != 0, layout.categories);
}

// A column by itself: its numbers, decimals, which cells are numbers (1) or text (2), how many are
// text, the row of the first of these, those that differ, how often each occurs, whether all are
// dates, and the grouping of the numbers; None if unsure.
PyObject* column_by_itself(const Column& column) {
    if (!column.is_sure) return Py_NewRef(Py_None);
    PyObject* values = PyBytes_FromStringAndSize(
        reinterpret_cast<const char*>(column.values.data()),
        static_cast<Py_ssize_t>(column.values.size() * sizeof(int64_t)));
    const Texts& texts = column.texts;
    PyObject* distinct = as_tuple(texts.distinct());
    if (values == nullptr || distinct == nullptr) {
        Py_XDECREF(values);
        Py_XDECREF(distinct);
        return nullptr;
    }
    return Py_BuildValue("(NiNLLNNNi)", values, column.decimals, as_bytes(column.complete),
                         static_cast<long long>(texts.count),
                         static_cast<long long>(texts.first_row), distinct,
                         as_bytes(texts.counts), PyBool_FromLong(texts.are_dates),
                         static_cast<int>(column.grouping));
}

PyObject* scan_all_columns(PyObject*, PyObject* args) {
    Py_buffer data;
    int delimiter, point, width, has_empty_last, takes_text;
    PyObject* missing;
    if (!PyArg_ParseTuple(args, "y*CCipO!p", &data, &delimiter, &point, &width, &has_empty_last,
                          &PyTuple_Type, &missing, &takes_text)) {
        return nullptr;
    }
    Layout layout{static_cast<char>(delimiter), static_cast<char>(point), width,
                  has_empty_last != 0, {}, {}, takes_text != 0};
    choose(&layout);
    if (!read_missing(missing, &layout.missing)) {
        PyBuffer_Release(&data);
        return nullptr;
    }
    Scan& found = scan_of_thread();
    const auto* text = static_cast<const char*>(data.buf);
    for (int j = 0; j < width; j++) layout.wanted.push_back(j);
    const bool is_done = without_lock(
        [&] { found.read_apart(text, static_cast<size_t>(data.len), layout); });
    PyObject* columns = is_done && found.is_sure ? PyTuple_New(width) : nullptr;
    for (int j = 0; columns != nullptr && j < width; j++) {
        PyObject* column = column_by_itself(found.columns[static_cast<size_t>(j)]);
        if (column == nullptr) Py_CLEAR(columns);
        if (columns != nullptr) PyTuple_SET_ITEM(columns, j, column);
    }
    PyBuffer_Release(&data);
    if (!is_done) return nullptr;
    if (!found.is_sure) Py_RETURN_NONE;
    if (columns == nullptr) return nullptr;
    return Py_BuildValue("(LLN)", static_cast<long long>(found.records),
                         static_cast<long long>(found.lines), columns);
}

PyObject* find_last_record_end(PyObject*, PyObject* args) {
    Py_buffer data;
    int delimiter;
    if (!PyArg_ParseTuple(args, "y*C", &data, &delimiter)) return nullptr;
    size_t end = 0;
    const bool is_done = without_lock([&] {
        end = last_record_end(static_cast<const char*>(data.buf), static_cast<size_t>(data.len),
                              static_cast<char>(delimiter));
    });
    PyBuffer_Release(&data);
    return is_done ? PyLong_FromSize_t(end) : nullptr;
}

}  // namespace
