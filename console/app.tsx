import { addDrawings } from './parts/icon.tsx'
import { Lazy } from './parts/lazy.tsx'
import { LoginPage } from './pages/login/login-page.tsx'
import { ClosedPage } from './pages/login/closed-page.tsx'
import { session } from './state/session.ts'
import { unreachable } from './unreachable.ts'

async function loadShell() {
  const { Shell, moreDrawings } = await import('./shell/shell.tsx')
  addDrawings(moreDrawings)
  return Shell
}

/** Who is known sees the console, everybody else the door; the door's code knows nothing of what is behind it. */
export function App() {
  const { value } = session
  switch (value.kind) {
    case 'unknown':
      return null
    case 'signed-out':
      return <LoginPage hasEnded={value.hasEnded} />
    case 'closed':
      return <ClosedPage problem={value.problem} />
    case 'operator':
      return <Lazy load={loadShell} />
    default:
      return unreachable(value)
  }
}
