/** The console starts here: what the page follows for as long as it is open, and then the page. */
import { render } from 'preact'
import { whenSignedOut } from './api/client.ts'
import { App } from './app.tsx'
import { loadFormats } from './i18n/messages.ts'
import { followAttendance } from './state/attendance.ts'
import { followTime } from './state/now.ts'
import { followAddress } from './state/route.ts'
import { noteSignedOut, readSession } from './state/session.ts'
import { followPreferences } from './state/settings.ts'

const root = document.querySelector('#root')
if (root !== null) {
  followPreferences()
  followAddress()
  followAttendance()
  followTime()
  whenSignedOut(noteSignedOut)
  void readSession()
  render(<App />, root)
  loadFormats()
}
