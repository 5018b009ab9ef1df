import type { ComponentChildren } from 'preact'
import { LanguageButton, ThemeButton } from '../../parts/choices.tsx'

export function DoorFrame({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <main class="door">
      <div class="door-sheet">
        <h1>{title}</h1>
        {children}
      </div>
      <div class="door-choices">
        <LanguageButton />
        <ThemeButton />
      </div>
    </main>
  )
}
