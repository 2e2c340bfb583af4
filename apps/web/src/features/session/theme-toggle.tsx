"use client";

import { Moon, Sun } from "lucide-react";
import { useTheme } from "../../hooks/use-theme.ts";
import { t } from "../../language/say.ts";
import { IconButton } from "../../ui/button.tsx";

export function ThemeToggle() {
  const { theme, setTheme } = useTheme();
  const isLight = theme === "light";
  return (
    <IconButton label={isLight ? t`Dark theme` : t`Light theme`} onClick={() => setTheme(isLight ? "dark" : "light")}>
      {isLight ? <Moon aria-hidden className="size-4.5" /> : <Sun aria-hidden className="size-4.5" />}
    </IconButton>
  );
}
