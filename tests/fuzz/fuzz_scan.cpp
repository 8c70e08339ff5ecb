// Feeds the scanner random CSV, well formed and not, for the sanitizers to watch.
//
//     fuzz_scan INPUTS [SEED]
//
// The inputs are exact copies on the heap, so that one byte read beyond an end is seen. Beside
// crashing, a scan may not contradict itself: records that it reports lie inside the data in order,
// and a cut that it finds leaves the records before it as they were.

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <random>
#include <string>

#include "../../linreg_cli/native/scan.hpp"
#include "../../linreg_cli/native/text.hpp"

namespace {

using linreg::Layout;
using linreg::Scan;

const char* const kPieces[] = {
    "1", "23", "-4.5", "+.5", "1e3", "1E-300", "000", "999999999999999999", "1000000000000000000",
    "NA", "n/a", "None", "nan", "x", "\"", "\"\"", "\"1,2\"", "\"a\nb\"", ",", ",", ",", ";", "\t",
    "\n", "\n", "\r\n", "\r", " ", "\xc3\xa9", "\xff", "\xed\xa0\x80", "\xf4\x90\x80\x80", ".", "e", "-"};

void check(bool holds, const char* what) {
    if (!holds) {
        std::fprintf(stderr, "fuzz_scan: %s\n", what);
        std::abort();
    }
}

bool is_wanted(const Layout& layout, int field) {
    return std::find(layout.wanted.begin(), layout.wanted.end(), field) != layout.wanted.end();
}

// Rows as they should be, of cells that the scanner knows.
std::string make_rows(std::mt19937_64& random, const Layout& layout) {
    const char* const cells[] = {"1", "-2.50", "+.5", "7.", "1e3", "25E-2", " 12 ", "NA", "", "\"3\"",
                                 "000.1", "999999999999999", "12345678", "-1234567.89",
                                 "123456789.1234567", "\"4,5\n6\"", "\"7\"\"8\"", "a\"b"};
    const char* const ends[] = {"\n", "\r\n", "\r", "\n\n"};
    std::string text;
    const char* end = ends[random() % 4];
    for (size_t rows = random() % 40; rows > 0; rows--) {
        for (int i = 0; i < layout.width; i++) {
            if (i > 0) text.push_back(layout.delimiter);
            text += cells[random() % (is_wanted(layout, i) ? 15 : 18)];
        }
        if (rows > 1 || random() % 2) text += end;
    }
    return text;
}

std::string make_text(std::mt19937_64& random) {
    std::string text;
    size_t count = random() % 200;
    for (size_t i = 0; i < count; i++) {
        text += kPieces[random() % (sizeof kPieces / sizeof *kPieces)];
    }
    if (random() % 20 == 0) text.push_back('\0');
    return text;
}

// Whether the scanner was sure of it all.
bool is_sure_of(const std::string& text, const Layout& layout) {
    std::unique_ptr<char[]> data(new char[text.size()]);
    std::memcpy(data.get(), text.data(), text.size());
    const Scan apart = linreg::scan_columns(data.get(), text.size(), layout);
    for (const linreg::Column& column : apart.columns) {
        size_t records = static_cast<size_t>(apart.records);
        check(!column.is_sure || column.values.size() == records, "a cell is lost");
        check(!column.is_sure || column.complete.size() == records, "a flag is lost");
    }
    Scan found = linreg::scan(data.get(), text.size(), layout, true);
    size_t cut = linreg::last_record_end(data.get(), text.size(), layout.delimiter);
    check(cut <= text.size(), "the cut is outside the data");
    if (!found.is_sure) return false;
    check(apart.is_sure && apart.records == found.records, "columns apart are not sure");
    check(found.starts.size() == static_cast<size_t>(found.records), "a record is lost");
    int64_t before = 0;
    for (size_t i = 0; i < found.starts.size(); i++) {
        check(before <= found.starts[i] && found.starts[i] <= found.ends[i], "records overlap");
        before = found.ends[i];
    }
    check(before <= static_cast<int64_t>(text.size()), "a record ends outside the data");
    Scan part = linreg::scan(data.get(), cut, layout, true);
    check(part.is_sure, "records before the cut are not sure");
    for (size_t i = 0; i < part.starts.size(); i++) {
        check(part.starts[i] == found.starts[i] && part.ends[i] == found.ends[i], "the cut is wrong");
    }
    return true;
}

}  // namespace

int main(int count, char** arguments) {
    long inputs = count > 1 ? std::atol(arguments[1]) : 100000;
    std::mt19937_64 random(count > 2 ? std::strtoull(arguments[2], nullptr, 10) : 7);
    long sure = 0;
    const char delimiters[] = {',', ';', '\t', '|', ' '};
    for (long i = 0; i < inputs; i++) {
        int width = 1 + static_cast<int>(random() % 4);
        Layout layout{delimiters[random() % 5], random() % 4 ? '.' : ',', width, {}};
        for (size_t j = 1 + random() % static_cast<size_t>(width); j > 0; j--) {
            layout.wanted.push_back(static_cast<int>(random() % static_cast<size_t>(width)));
        }
        std::string text = random() % 2 ? make_text(random) : make_rows(random, layout);
        sure += is_sure_of(text, layout);
        uint64_t bits = random();
        double value;
        std::memcpy(&value, &bits, sizeof value);
        if (value - value == 0) {
            std::unique_ptr<char[]> number(new char[linreg::kNumberSize]);
            const char* end = linreg::write_number(value, '.', number.get());
            check(std::strtod(std::string(static_cast<const char*>(number.get()), end).c_str(), nullptr) == value,
                  "a number reads back as another");
        }
    }
    std::printf("%ld inputs, %ld of them scanned to the end, no finding\n", inputs, sure);
    return 0;
}
