// Texts that are nearly dates beside a regular expression and the calendar of the C library.

#pragma once

#include <ctime>
#include <regex>
#include <string>

#include "../../linreg_cli/native/dates.hpp"
#include "check.hpp"

namespace fuzz_dates {

inline bool is_date_slowly(const std::string& text) {
    static const std::regex form(
        "[ \\t]*([0-9]{4})-([0-9]{2})-([0-9]{2})"
        "([T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.,][0-9]+)?)?"
        "(Z|[+-]([01][0-9]|2[0-3])(:?[0-5][0-9])?)?)?[ \\t]*");
    std::smatch match;
    if (!std::regex_match(text, match, form)) return false;
    std::tm day{};
    day.tm_year = std::stoi(match[1]) - 1900;
    day.tm_mon = std::stoi(match[2]) - 1;
    day.tm_mday = std::stoi(match[3]);
    const std::tm written = day;
    timegm(&day);  // moves a day that does not exist to one that does
    return match[1] != "0000" && day.tm_year == written.tm_year && day.tm_mon == written.tm_mon &&
           day.tm_mday == written.tm_mday;
}

inline std::string two_digits(uint64_t number) {
    return {static_cast<char>('0' + number / 10 % 10), static_cast<char>('0' + number % 10)};
}

inline std::string make_text(Random& random) {
    const char* const centuries[] = {"00", "19", "20", "99"};
    std::string text = centuries[random() % 4] + two_digits(random() % 100);
    text += "-" + two_digits(random() % 14) + "-" + two_digits(random() % 33);
    if (random() % 2) {
        text += (random() % 2 ? "T" : " ") + two_digits(random() % 26) + ":" + two_digits(random() % 62);
        if (random() % 2) text += ":" + two_digits(random() % 62);
        if (random() % 2) text += (random() % 2 ? "." : ",") + std::to_string(random() % 1000);
        const char* const zones[] = {"", "Z", "+01", "-0130", "+23:59", "-24", "+1", "+01:", "+01:60"};
        text += zones[random() % 9];
    }
    if (random() % 8 == 0) text = random() % 2 ? " " + text : text + "\t";
    for (size_t changes = random() % 8 ? 0 : 1 + random() % 2; changes > 0; changes--) {
        const char others[] = {'0', '9', '-', ':', 'T', ' ', 'Z', '.', '+', 'x'};
        const size_t place = random() % (text.size() + 1);
        if (random() % 2 && place < text.size()) text.erase(place, 1);
        else text.insert(place, 1, others[random() % 10]);
    }
    return text;
}

inline bool run(Random& random) {
    const std::string text = make_text(random);
    const auto copy = copy_of<char>(text);
    const bool found = linreg::is_date({copy.get(), text.size()});
    check(found == is_date_slowly(text), "a date is none, or what is none is a date");
    return found;
}

}  // namespace fuzz_dates
