"""Colours, font and icons of the light and dark theme, which are grey with one accent colour."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QIcon, QPalette
from PySide6.QtWidgets import QApplication

from apsnet_gui.style.dressing import Dressing
from apsnet_gui.style.icons import icon

MODES = ("system", "light", "dark")
STYLE = Path(__file__).with_name("style.qss")
ICONS = Path(__file__).parent


@dataclass(frozen=True)
class ThemeColours:
    """The colours of a theme.

    ``back`` is for the frame, ``panel`` for docks, ``field`` for inputs, ``raised`` for buttons, ``faint``
    for secondary text.
    """

    back: str
    panel: str
    field: str
    raised: str
    line: str
    text: str
    faint: str
    disabled: str
    accent: str
    on_accent: str
    danger: str
    warning: str
    view: str


LIGHT = ThemeColours(
    back="#e9ebee",
    panel="#f6f7f8",
    field="#ffffff",
    raised="#e6e8eb",
    line="#d3d6db",
    text="#1d2127",
    faint="#5c6470",
    disabled="#a2a8b1",
    accent="#2160d4",
    on_accent="#ffffff",
    danger="#b42318",
    warning="#8a5a00",
    view="#ffffff",
)
DARK = ThemeColours(
    back="#15171a",
    panel="#1d2024",
    field="#26292e",
    raised="#2f3339",
    line="#363b42",
    text="#e4e7eb",
    faint="#9aa3af",
    disabled="#5d646e",
    accent="#6ea2ff",
    on_accent="#0d1522",
    danger="#ff8a7a",
    warning="#f0b850",
    view="#101214",
)


class Theme(QObject):
    """The look of the application; widgets that paint colours or icons must repaint on ``changed``."""

    changed = Signal()

    def __init__(
        self,
        app: QApplication,
        mode: str = "system",
        scale: int = 100,
        font: QFont | None = None,
        dressed: bool = True,
    ) -> None:
        """Set font and palette, and the style sheet if ``dressed``; `dress` sets the sheet later otherwise.

        ``font`` replaces the system's font if it is given.
        """
        super().__init__(app)
        self._app, self.mode = app, mode if mode in MODES else "system"
        self._font = font or _ui_font()
        self._icons: dict[tuple[str, str], QIcon] = {}
        self._dressing = Dressing(app, self, self._set_font_everywhere, self._set_palette, self.changed.emit)
        self.scale = scale
        # With this attribute, children inherit a new font from their parents despite the style sheet.
        app.setAttribute(Qt.ApplicationAttribute.AA_UseStyleSheetPropagationInWidgetStyles)
        app.setStyle("Fusion")
        app.styleHints().colorSchemeChanged.connect(lambda _: self._apply())
        self._set_font()
        self._set_palette()
        if dressed:
            self.dress()

    @property
    def dark(self) -> bool:
        """Whether the theme is dark."""
        if self.mode == "system":
            return QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
        return self.mode == "dark"

    @property
    def colours(self) -> ThemeColours:
        """The colours of the current theme."""
        return DARK if self.dark else LIGHT

    @property
    def is_settled(self) -> bool:
        """Whether all widgets have the current colours and sizes."""
        return self._dressing.is_done

    def set_mode(self, mode: str) -> None:
        """Use the theme ``system``, ``light`` or ``dark``."""
        self.mode = mode
        self._apply()

    def set_scale(self, percent: int) -> None:
        """Set the size of all text in percent of the system's size."""
        self.scale = percent
        self._dressing.put_on()

    def icon(self, name: str, colour: str | None = None) -> QIcon:
        """The Phosphor icon ``name``, such as ``folder-open``, in ``colour`` or the theme's text colour."""
        colour = colour or self.colours.text
        if (name, colour) not in self._icons:
            self._icons[name, colour] = icon(name, colour, self.colours.disabled)
        return self._icons[name, colour]

    def dress(self) -> None:
        """Apply the style sheet to every widget.

        Create the window before: with a style sheet, Qt styles a widget and its children again whenever it
        is put into another widget, which took 15 ms.
        """
        colours = self.colours
        sheet = STYLE.read_text(encoding="utf-8")
        sheet = sheet.replace("@icons", ICONS.as_posix()).replace("@mode", "dark" if self.dark else "light")
        for field in fields(colours):
            sheet = sheet.replace(f"@{field.name};", f"{getattr(colours, field.name)};")
        self._app.setStyleSheet(sheet)

    def _apply(self) -> None:
        with self._dressing.passed_over():
            # Remove the old sheet first: if one replaces another, Qt styles all widgets immediately.
            self._app.setStyleSheet("")
            self.dress()
        self._dressing.put_on()

    def _set_font(self) -> None:
        font = QFont(self._font)
        font.setPointSizeF(self._font.pointSizeF() * self.scale / 100)
        self._app.setFont(font)

    def _set_font_everywhere(self) -> None:
        """Set the font and update all layouts now, so that they are painted in the next round."""
        self._set_font()
        for what in (QEvent.Type.ApplicationFontChange, QEvent.Type.LayoutRequest):
            QCoreApplication.sendPostedEvents(None, what.value)

    def _set_palette(self) -> None:
        self._app.setPalette(_palette(self.colours))


def tabular(font: QFont) -> QFont:
    """A copy of the font with digits of equal width, so that changing numbers do not move."""
    font = QFont(font)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def fixed() -> QFont:
    """The system's monospaced font in the size of the other text."""
    font = QFont()  # only the families are set, so a widget inherits the rest from its parent
    font.setFamilies(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).families())
    return font


def _ui_font() -> QFont:
    """The system's font; on a server without fonts, the one that matplotlib includes."""
    if not QFontDatabase.families():
        from importlib.util import find_spec

        spec = find_spec("matplotlib")
        if spec and spec.origin:
            for file in (Path(spec.origin).parent / "mpl-data/fonts/ttf").glob("DejaVuSans*.ttf"):
                QFontDatabase.addApplicationFont(str(file))
    families = set(QFontDatabase.families())
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    if QGuiApplication.platformName() in ("offscreen", "minimal", "vnc"):
        # These platforms have no default font; Qt would take the alphabetically first one.
        known = ("Inter", "Noto Sans", "Ubuntu", "Cantarell", "Segoe UI", "Liberation Sans", "DejaVu Sans")
        font = QFont(next((name for name in known if name in families), font.family()), 9)
    if font.pointSizeF() <= 0:
        font.setPointSizeF(9)
    return font


def _palette(colours: ThemeColours) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for where, colour in {
        role.Window: colours.panel,
        role.WindowText: colours.text,
        role.Base: colours.field,
        role.AlternateBase: colours.panel,
        role.Text: colours.text,
        role.Button: colours.raised,
        role.ButtonText: colours.text,
        role.BrightText: colours.danger,
        role.ToolTipBase: colours.raised,
        role.ToolTipText: colours.text,
        role.PlaceholderText: colours.faint,
        role.Highlight: colours.accent,
        role.HighlightedText: colours.on_accent,
        role.Link: colours.accent,
        role.Light: colours.raised,
        role.Midlight: colours.line,
        role.Mid: colours.line,
        role.Dark: colours.back,
        role.Shadow: colours.back,
    }.items():
        palette.setColor(where, QColor(colour))
    for where in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, where, QColor(colours.disabled))
    return palette
