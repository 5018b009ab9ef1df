import '../common.ts'

export { PlaygroundPage } from '../../pages/playground/playground-page.tsx'
