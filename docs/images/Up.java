// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;

/// Draws what was printed in terminals, one window for each file: `java Up.java OUT.png FILE...`.
///
/// A line that begins with `$ ` is what was typed, as is what follows a backslash; one that begins
/// with `ready: ` is what everybody waits for.
final class Up {
    private static final int SCALE = 2;
    private static final int WIDTH = 1000;
    private static final int MARGIN = 22;
    private static final int INDENT = 18;
    private static final int LINE = 20;
    private static final int BAR = 30;
    private static final int FOOT = 16;
    private static final int COLUMNS = 110;
    private static final Color DESK = new Color(0xE8EBF0);
    private static final Color WINDOW = new Color(0x14171D);
    private static final Color BUTTON = new Color(0x3A4150);
    private static final Color PLAIN = new Color(0xC8CDD6);
    private static final Color TYPED = Color.WHITE;
    private static final Color READY = new Color(0x86E29B);

    private Up() {}

    public static void main(String[] arguments) throws IOException {
        var files = List.of(arguments).subList(1, arguments.length).stream().map(Path::of).toList();
        var height = MARGIN;
        for (var file : files) {
            height += BAR + Files.readAllLines(file).size() * LINE + FOOT + MARGIN;
        }
        var image =
                new BufferedImage(WIDTH * SCALE, height * SCALE, BufferedImage.TYPE_INT_RGB);
        var pen = image.createGraphics();
        pen.scale(SCALE, SCALE);
        pen.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        pen.setRenderingHint(
                RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        pen.setColor(DESK);
        pen.fillRect(0, 0, WIDTH, height);
        var top = MARGIN;
        for (var file : files) {
            top += window(pen, top, Files.readAllLines(file)) + MARGIN;
        }
        ImageIO.write(image, "png", Path.of(arguments[0]).toFile());
    }

    private static int window(Graphics2D pen, int top, List<String> lines) {
        var height = BAR + lines.size() * LINE + FOOT;
        pen.setColor(WINDOW);
        pen.fillRoundRect(MARGIN, top, WIDTH - 2 * MARGIN, height, 16, 16);
        pen.setColor(BUTTON);
        for (var button = 0; button < 3; button++) {
            pen.fillOval(MARGIN + 12 + 17 * button, top + 10, 11, 11);
        }
        var typed = false;
        var baseline = top + BAR + LINE - 5;
        for (var line : lines) {
            typed = line.startsWith("$ ") || typed;
            text(pen, baseline, line, typed);
            typed = typed && line.endsWith("\\");
            baseline += LINE;
        }
        return height;
    }

    private static void text(Graphics2D pen, int baseline, String line, boolean typed) {
        var ready = line.startsWith("ready: ");
        pen.setFont(new Font(Font.MONOSPACED, typed || ready ? Font.BOLD : Font.PLAIN, 14));
        pen.setColor(typed ? TYPED : ready ? READY : PLAIN);
        var fits = line.length() <= COLUMNS;
        pen.drawString(fits ? line : line.substring(0, COLUMNS - 1) + "…", MARGIN + INDENT, baseline);
    }
}
