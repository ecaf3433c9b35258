"""The house colors, each with a name and a job, and the families of type."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from explainer.system.errors import Fault

SANS = "Libre Franklin"
SERIF = "Newsreader"


@dataclass(frozen=True)
class Role:
    """One color by the job it does.

    Parameters
    ----------
    name : str
        What charts and style sheets call it.
    light, dark : str
        Lower-case ``#rrggbb`` on the light and on the dark page.
    use : str
        ``text`` (4.5:1 against the page, also good for marks), ``mark`` (3:1) or ``decor`` (carries no
        meaning alone: grids, land, the page itself).
    """

    name: str
    light: str
    dark: str
    use: str


ROLES = (
    Role("paper", "#fdfcfa", "#15181c", "decor"),
    Role("ink", "#1b1e23", "#eceae5", "text"),
    Role("muted", "#5a5f67", "#a9aeb6", "text"),
    Role("rule", "#7f858d", "#7b828b", "mark"),
    Role("grid", "#e4e1da", "#2e333a", "decor"),
    Role("land", "#efece5", "#22272e", "decor"),
    Role("border", "#cbc6bb", "#434a54", "decor"),
    # where a fact comes from
    Role("stated", "#12558f", "#74b4ef", "text"),
    Role("attributed", "#7b3f98", "#cc9be4", "text"),
    Role("computed", "#0d6b62", "#56c4b6", "text"),
    Role("inferred", "#865d00", "#dbb14d", "text"),
    Role("context", "#66625a", "#b5ada0", "text"),
    # what another source does with it
    Role("confirms", "#2c6b34", "#86ca8c", "text"),
    Role("adds", "#4457b8", "#9fb0ff", "text"),
    Role("conflict", "#a8123e", "#ff8ba7", "text"),
    Role("silent", "#847e73", "#857f74", "mark"),
    # one thing among many
    Role("highlight", "#b83a08", "#ff9f63", "text"),
    Role("quiet", "#82878f", "#7d848e", "mark"),
)


class Palette:
    """The colors as attributes (``palette.stated``) or items (``palette["stated"]``), light values.

    Charts use the light values only; :mod:`explainer.authoring.svg` turns each into a custom property of the
    page, so that a chart follows light and dark. A color that is not here is refused there.
    """

    def __init__(self, roles: tuple[Role, ...]) -> None:
        self._roles = {role.name: role for role in roles}
        self._by_light = {role.light: role for role in roles}

    def __getitem__(self, name: str) -> str:
        """Return the light color of role `name`.

        Raises
        ------
        Fault
            If there is no such role.
        """
        if name not in self._roles:
            known = ", ".join(self._roles)
            raise Fault("no such color in the palette", value=name, remedy=f"Use one of {known}.")
        return self._roles[name].light

    def __getattr__(self, name: str) -> str:
        if name.startswith("_"):
            raise AttributeError(name)
        try:
            return self[name]
        except Fault as fault:
            raise AttributeError(str(fault)) from None

    def __iter__(self) -> Iterator[Role]:
        return iter(self._roles.values())

    def role(self, name: str) -> Role:
        """Return role `name` with both its colors."""
        self[name]
        return self._roles[name]

    def role_of(self, light: str) -> Role | None:
        """Return the role whose light color is `light`, if there is one."""
        return self._by_light.get(light.lower())

    def css(self, *others: Role) -> str:
        """Return the custom properties of every role, and of `others`, for light and for dark pages.

        Dark follows the reader's system unless the page says otherwise by ``data-theme`` on the root element.
        Paper is always light.
        """
        light = "".join(f"--{role.name}:{role.light};" for role in (*self, *others))
        dark = "".join(f"--{role.name}:{role.dark};" for role in (*self, *others))
        return (
            f":root{{color-scheme:light;{light}}}\n"
            "@media screen and (prefers-color-scheme:dark){"
            f':root:not([data-theme="light"]){{color-scheme:dark;{dark}}}}}\n'
            f'@media screen{{:root[data-theme="dark"]{{color-scheme:dark;{dark}}}}}\n'
        )


palette = Palette(ROLES)
