/** Ten thousand bodies with the names that lead to prototypes. Run: node test/full/prototype-names.ts [seed] [count] */
import { checkPrototypeNames } from './hostile/prototype-names.ts'
import { createRandom } from './hostile/random.ts'

const [seed = 1, count = 10_000] = process.argv.slice(2).map(Number)
for (let round = 0; round < count; round += 1) checkPrototypeNames(createRandom(seed + round))
process.stdout.write(`${count} bodies with names of prototypes, none changed one\n`)
