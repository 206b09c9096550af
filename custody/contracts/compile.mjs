// Compiles TestDollar.sol to TestDollar.json (ABI and creation bytecode). With --check, only says whether the file is what
// the source gives. First: npm ci --ignore-scripts
import { readFileSync, writeFileSync } from 'node:fs'
import solc from 'solc'

const path = name => new URL(name, import.meta.url)
const input = {
  language: 'Solidity',
  sources: { 'TestDollar.sol': { content: readFileSync(path('TestDollar.sol'), 'utf8') } },
  settings: {
    optimizer: { enabled: true, runs: 1000 },
    evmVersion: 'shanghai', // what every EVM chain runs today
    metadata: { appendCBOR: false }, // the bytecode depends on the code alone
    outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object'] } },
  },
}

const output = JSON.parse(solc.compile(JSON.stringify(input)))
for (const fault of output.errors ?? []) console.error(fault.formattedMessage)
if (output.errors?.length) process.exit(1)

const { abi, evm } = output.contracts['TestDollar.sol'].TestDollar
const json = JSON.stringify({ compiler: solc.version(), abi, bytecode: '0x' + evm.bytecode.object }, null, 2) + '\n'
if (process.argv[2] === '--check') {
  if (readFileSync(path('TestDollar.json'), 'utf8') !== json) {
    console.error('TestDollar.json is not what TestDollar.sol gives: npm run compile')
    process.exit(1)
  }
} else writeFileSync(path('TestDollar.json'), json)
