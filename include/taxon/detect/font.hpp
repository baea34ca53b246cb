#pragma once
#include <cstddef>
#include <string_view>

namespace taxon::detect {

/// A bitmap font: printable ASCII in cells of 6 x 9 dots, of which the last column and row are free; the baseline is
/// row 6. Other characters are shown as an empty box.
namespace font {

inline constexpr int width = 6, height = 9, ascent = 7;

/// 16 characters per row, starting at the space; the last one is the box.
inline constexpr std::string_view strips[] = {
    "        #    # #   # #    #   ##  #  ##     #      #   #                                      # ",
    "        #    # #   # #   #### ##  # #  #    #     #     #     #     #                         # ",
    "        #    # #  ##### # #      #  # #     #    #       #  # # #   #                        #  ",
    "        #          # #   ###    #    #           #       #   ###  #####       #####         #   ",
    "        #         #####   # #  #    # # #        #       #  # # #   #                      #    ",
    "                   # #  ####  #  ## #  #          #     #     #     #     #          ##   #     ",
    "        #          # #    #   #  ##  ## #          #   #                  #          ##   #     ",
    "                                                                         #                      ",
    "                                                                                                ",
    " ###    #    ###  ####     #  #####   ##  #####  ###   ###                 #         #     ###  ",
    "#   #  ##   #   #     #   ##  #      #        # #   # #   #  ##    ##     #           #   #   # ",
    "#  ##   #       #     #  # #  ####  #        #  #   # #   #  ##    ##    #    #####    #      # ",
    "# # #   #      #   ###  #  #      # ####     #   ###   ####             #               #    #  ",
    "##  #   #     #       # #####     # #   #   #   #   #     #  ##          #    #####    #    #   ",
    "#   #   #    #        #    #  #   # #   #   #   #   #    #   ##    ##     #           #         ",
    " ###   ###  ##### ####     #   ###   ###    #    ###   ##           #      #         #      #   ",
    "                                                                   #                            ",
    "                                                                                                ",
    " ###   ###  ####   ###  ####  ##### #####  ###  #   #  ###    ### #   # #     #   # #   #  ###  ",
    "#   # #   # #   # #   # #   # #     #     #   # #   #   #      #  #  #  #     ## ## ##  # #   # ",
    "# ### #   # #   # #     #   # #     #     #     #   #   #      #  # #   #     # # # ##  # #   # ",
    "# # # ##### ####  #     #   # ####  ####  # ### #####   #      #  ##    #     # # # # # # #   # ",
    "# ### #   # #   # #     #   # #     #     #   # #   #   #      #  # #   #     #   # #  ## #   # ",
    "#     #   # #   # #   # #   # #     #     #   # #   #   #   #  #  #  #  #     #   # #  ## #   # ",
    " ###  #   # ####   ###  ####  ##### #      ###  #   #  ###   ##   #   # ##### #   # #   #  ###  ",
    "                                                                                                ",
    "                                                                                                ",
    "####   ###  ####   #### ##### #   # #   # #   # #   # #   # #####  ###  #      ###    #         ",
    "#   # #   # #   # #       #   #   # #   # #   # #   # #   #     #  #    #        #   # #        ",
    "#   # #   # #   # #       #   #   # #   # #   #  # #   # #     #   #     #       #  #   #       ",
    "####  #   # ####   ###    #   #   # #   # # # #   #     #     #    #      #      #              ",
    "#     # # # # #       #   #   #   # #   # # # #  # #    #    #     #       #     #              ",
    "#     #  #  #  #      #   #   #   #  # #  ## ## #   #   #   #      #        #    #              ",
    "#      ## # #   # ####    #    ###    #   #   # #   #   #   #####  ###      #  ###              ",
    "                                                                                          ##### ",
    "                                                                                                ",
    " #          #               #         ##        #       #      #  #      ##                     ",
    "  #         #               #        #          #                 #       #                     ",
    "       ###  ####   ####  ####  ###  ####   #### ####   ##     ##  #  #    #   ## #  ####   ###  ",
    "          # #   # #     #   # #   #  #    #   # #   #   #      #  # #     #   # # # #   # #   # ",
    "       #### #   # #     #   # #####  #    #   # #   #   #      #  ##      #   # # # #   # #   # ",
    "      #   # #   # #     #   # #      #    #   # #   #   #      #  # #     #   # # # #   # #   # ",
    "       #### ####   ####  ####  ####  #     #### #   #  ###     #  #  #   ###  # # # #   #  ###  ",
    "                                              #             #  #                                ",
    "                                           ###               ##                                 ",
    "                         #                                           #    #    #          ##### ",
    "                         #                                          #     #     #         #   # ",
    "####   #### # ##   #### ####  #   # #   # #   # #   # #   # #####   #     #     #    #  # #   # ",
    "#   # #   # ##  # #      #    #   # #   # # # #  # #  #   #    #   #      #      #  # # # #   # ",
    "#   # #   # #      ###   #    #   # #   # # # #   #   #   #   #     #     #     #   #  #  #   # ",
    "#   # #   # #         #  #  # #   #  # #  # # #  # #  #   #  #      #     #     #         #   # ",
    "####   #### #     ####    ##   ####   #    # #  #   #  #### #####    #    #    #          ##### ",
    "#         #                                               #                                     ",
    "#         #                                            ###                                      ",
};

/// True if character `c` has a dot in row y of 9 and column x of 6.
constexpr bool dot(char c, int y, int x) {
    const auto code = static_cast<unsigned char>(c);
    const auto index = static_cast<std::size_t>(code < ' ' || code > '~' ? '~' + 1 - ' ' : code - ' ');
    return strips[index / 16 * height + static_cast<std::size_t>(y)]
                 [index % 16 * width + static_cast<std::size_t>(x)] == '#';
}

/// True if all characters have a shape of their own.
constexpr bool can_write(std::string_view text) {
    for (const char c : text)
        if (c < ' ' || c > '~') return false;
    return true;
}

/// The number of cells of a UTF-8 text: one per character, however many bytes it has.
constexpr int length(std::string_view text) {
    int characters = 0;
    for (const char c : text) characters += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    return characters;
}

}  // namespace font
}  // namespace taxon::detect
