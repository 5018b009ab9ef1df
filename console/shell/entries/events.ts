import '../common.ts'

export { EventsPage } from '../../pages/events/events-page.tsx'
