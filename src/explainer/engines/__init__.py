"""The programs that render: Quarto where there is one, else Pandoc and Typst."""
