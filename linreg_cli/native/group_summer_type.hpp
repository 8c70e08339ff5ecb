// The Python types of sums of records by group, for _extension.cpp, which has what they need.
//
//     GroupSummer     columns, the first of which are the key, and the form of a file
//       .sum(data)                        whole records -> (counts, tables), or None
//       .sum_file(descriptor, ...)        FileGroups: an iterator of counts
//                                           .tables()    the sums of all records that it has read
//
// Counts are (records, lines, used, without key, missing cells, groupings), the last two for each
// column. A table is (decimals, keys, rows, limbs, least, most) for each set of decimals.

#pragma once

#include "file_pass.hpp"
#include "grouped_records.hpp"

namespace {

PyObject* table_of(const std::vector<int>& decimals, const GroupTable& table) {
    const std::vector<std::string> keys(table.keys.texts().begin(), table.keys.texts().end());
    return Py_BuildValue("(NNNNNN)", as_tuple(decimals), as_tuple(keys), as_bytes(table.sums.rows),
                         as_bytes(table.sums.limbs()), as_bytes(table.sums.ends(&Extent::least)),
                         as_bytes(table.sums.ends(&Extent::most)));
}

PyObject* tables_of(const GroupTables& found) {
    PyObject* all = PyList_New(0);
    for (const auto& each : found.tables) {
        PyObject* item = table_of(each.first, each.second);
        if (item == nullptr || PyList_Append(all, item) != 0) Py_CLEAR(all);
        Py_XDECREF(item);
        if (all == nullptr) return nullptr;
    }
    return all;
}

PyObject* counts_of(const GroupedRecords& found) {
    return Py_BuildValue("(LLLLNN)", static_cast<long long>(found.records),
                         static_cast<long long>(found.lines), static_cast<long long>(found.used),
                         static_cast<long long>(found.without_key), as_tuple(found.missing),
                         as_tuple(found.groupings));
}

// ---------------------------------------------------------------- a file

using GroupPass = FilePass<GroupedRecords>;

struct FileGroupsObject {
    PyObject_HEAD
    std::shared_ptr<GroupTables> tables;
    std::unique_ptr<GroupPass> pass;
};

// The counts of the next ranges together; waits without the lock, and looks for Ctrl-C.
PyObject* next_counts(PyObject* self) {
    GroupPass* pass = reinterpret_cast<FileGroupsObject*>(self)->pass.get();
    while (true) {
        GroupedRecords found;
        GroupPass::State state = GroupPass::State::over;
        const bool is_done = without_lock([&] { state = pass->take(&found, kPatience); });
        if (!is_done || PyErr_CheckSignals() != 0) return nullptr;
        if (state == GroupPass::State::taken) return counts_of(found);
        if (state == GroupPass::State::over) return nullptr;
    }
}

PyObject* groups_offset(PyObject* self, void*) {
    return PyLong_FromLongLong(reinterpret_cast<FileGroupsObject*>(self)->pass->offset());
}

// The tables, when the iterator has ended: no thread changes them any more.
PyObject* file_tables(PyObject* self, PyObject*) {
    const GroupTables& tables = *reinterpret_cast<FileGroupsObject*>(self)->tables;
    return tables.has_no_room ? PyErr_NoMemory() : tables_of(tables);
}

void free_file_groups(PyObject* self) {
    auto* file = reinterpret_cast<FileGroupsObject*>(self);
    Py_BEGIN_ALLOW_THREADS
    file->pass.reset();
    Py_END_ALLOW_THREADS
    file->pass.~unique_ptr();
    file->tables.~shared_ptr();
    Py_TYPE(self)->tp_free(self);
}

PyGetSetDef file_groups_members[] = {
    {"offset", groups_offset, nullptr, "Where the records begin that were not read.", nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr}};

PyMethodDef file_groups_methods[] = {
    {"tables", file_tables, METH_NOARGS,
     "tables(): the sums by key of all records that were read; only when the iterator has ended."},
    {nullptr, nullptr, 0, nullptr}};

PyTypeObject file_groups_type = [] {
    PyTypeObject type = {PyVarObject_HEAD_INIT(nullptr, 0)};
    type.tp_name = "linreg_cli.native._extension.FileGroups";
    type.tp_basicsize = sizeof(FileGroupsObject);
    type.tp_dealloc = free_file_groups;
    type.tp_flags = Py_TPFLAGS_DEFAULT;
    type.tp_iter = PyObject_SelfIter;
    type.tp_iternext = next_counts;
    type.tp_methods = file_groups_methods;
    type.tp_getset = file_groups_members;
    return type;
}();

// ---------------------------------------------------------------- summer

struct GroupSummerObject {
    PyObject_HEAD
    std::shared_ptr<const GroupSummer> summer;
};

PyObject* new_group_summer(PyTypeObject* type, PyObject* args, PyObject*) {
    const char *delimiter, *point;
    PyObject *positions, *missing;
    int width, has_empty_last, allows_missing, keeps_missing;
    Py_ssize_t keys;
    if (!PyArg_ParseTuple(args, "ssipO!O!npp", &delimiter, &point, &width, &has_empty_last,
                          &PyTuple_Type, &positions, &PyTuple_Type, &missing, &keys,
                          &allows_missing, &keeps_missing)) {
        return nullptr;
    }
    auto made = std::make_shared<GroupSummer>();
    made->layout = Layout{*delimiter, *point, width, has_empty_last != 0, {}, {}, false};
    made->allows_missing = allows_missing != 0;
    made->keeps_missing = keeps_missing != 0;
    choose(&made->layout);
    bool fits = 0 < keys && keys < PyTuple_GET_SIZE(positions) &&
                read_missing(missing, &made->layout.missing);
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
    auto* summer = reinterpret_cast<GroupSummerObject*>(self);
    new (&summer->summer) std::shared_ptr<const GroupSummer>(std::move(made));
    return self;
}

void free_group_summer(PyObject* self) {
    reinterpret_cast<GroupSummerObject*>(self)->summer.~shared_ptr();
    Py_TYPE(self)->tp_free(self);
}

PyObject* sum_group_data(PyObject* self, PyObject* args) {
    Py_buffer data;
    if (!PyArg_ParseTuple(args, "y*", &data)) return nullptr;
    GroupedRecords found;
    GroupTables tables;
    const bool is_done = without_lock([&] {
        sum_groups(static_cast<const char*>(data.buf), static_cast<size_t>(data.len),
                   *reinterpret_cast<GroupSummerObject*>(self)->summer, &found);
        if (found.is_sure) tables.take(&found);
    });
    PyBuffer_Release(&data);
    if (!is_done) return nullptr;
    if (!found.is_sure) Py_RETURN_NONE;
    return Py_BuildValue("(NN)", counts_of(found), tables_of(tables));
}

PyObject* sum_group_file(PyObject* self, PyObject* args) {
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
    PyObject* result = file_groups_type.tp_alloc(&file_groups_type, 0);
    if (result == nullptr) return nullptr;
    auto* file = reinterpret_cast<FileGroupsObject*>(result);
    new (&file->pass) std::unique_ptr<GroupPass>();
    new (&file->tables) std::shared_ptr<GroupTables>();
    const FileRanges ranges{descriptor, start, end, static_cast<size_t>(range_bytes)};
    const auto work = [summer = reinterpret_cast<GroupSummerObject*>(self)->summer](
                          const char* data, size_t size, GroupedRecords* found) {
        sum_groups(data, size, *summer, found);
    };
    try {
        file->tables = std::make_shared<GroupTables>();
        const Finish<GroupedRecords> finish{
            true, [tables = file->tables](GroupedRecords* found) { tables->take(found); }};
        file->pass.reset(new GroupPass(ranges, static_cast<size_t>(threads), work, finish));
    } catch (const std::exception& error) {
        Py_DECREF(result);
        return PyErr_Format(PyExc_RuntimeError, "cannot start threads: %s", error.what());
    }
    return result;
}

PyMethodDef group_summer_methods[] = {
    {"sum", sum_group_data, METH_VARARGS,
     "sum(data): the counts and tables of whole records, or None if unsure."},
    {"sum_file", sum_group_file, METH_VARARGS,
     "sum_file(descriptor, start, end, range_bytes, threads): an iterator of the counts for the "
     "records of a file up to where it is unsure or near its end; its attribute `offset` says where."},
    {nullptr, nullptr, 0, nullptr}};

PyTypeObject group_summer_type = [] {
    PyTypeObject type = {PyVarObject_HEAD_INIT(nullptr, 0)};
    type.tp_name = "linreg_cli.native._extension.GroupSummer";
    type.tp_basicsize = sizeof(GroupSummerObject);
    type.tp_dealloc = free_group_summer;
    type.tp_flags = Py_TPFLAGS_DEFAULT;
    type.tp_doc = "The columns whose products are summed by group, and the form of a file.";
    type.tp_methods = group_summer_methods;
    type.tp_new = new_group_summer;
    return type;
}();

// Adds the types to the module; false, with an error set, if that fails.
bool add_group_summer_types(PyObject* made) {
    return PyType_Ready(&file_groups_type) == 0 && PyModule_AddType(made, &group_summer_type) == 0;
}

// ---------------------------------------------------------------- rows

// Sums products of columns by code: (rows, limbs, least, most), or None.
PyObject* sum_products_by_code(PyObject*, PyObject* args) {
    Py_buffer values, weights, codes;
    Py_ssize_t columns, size;
    if (!PyArg_ParseTuple(args, "y*y*y*nn", &values, &weights, &codes, &columns, &size)) {
        return nullptr;
    }
    const bool valid = columns > 0 && size >= 0 && values.len == columns * codes.len &&
                       codes.len % static_cast<Py_ssize_t>(sizeof(int64_t)) == 0 &&
                       (weights.len == 0 || weights.len == codes.len);
    GroupSums sums(valid ? static_cast<size_t>(columns) : 1);
    bool fits = false;
    const bool is_done = without_lock([&] {
        if (!valid) return;
        const size_t rows = static_cast<size_t>(codes.len) / sizeof(int64_t);
        std::vector<const int64_t*> starts;
        for (size_t j = 0; j < static_cast<size_t>(columns); j++) {
            starts.push_back(static_cast<const int64_t*>(values.buf) + j * rows);
        }
        const auto* each = weights.len > 0 ? static_cast<const int64_t*>(weights.buf) : nullptr;
        const auto* places = static_cast<const int64_t*>(codes.buf);
        fits = bound_of(starts, each, rows) < kSumLimit &&
               std::all_of(places, places + rows,
                           [size](int64_t code) { return 0 <= code && code < size; });
        if (!fits) return;
        sums.resize(static_cast<size_t>(size));
        sums.add(starts, each, places, rows);
    });
    PyBuffer_Release(&values);
    PyBuffer_Release(&weights);
    PyBuffer_Release(&codes);
    if (!is_done) return nullptr;
    if (!valid) {
        PyErr_SetString(PyExc_ValueError, "the arrays do not fit together");
        return nullptr;
    }
    if (!fits) Py_RETURN_NONE;
    return Py_BuildValue("(NNNN)", as_bytes(sums.rows), as_bytes(sums.limbs()),
                         as_bytes(sums.ends(&Extent::least)), as_bytes(sums.ends(&Extent::most)));
}

}  // namespace
