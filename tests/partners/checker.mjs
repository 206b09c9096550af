// The same questions answered by libraries that share no code with ours: bitcoinjs-lib and viem. One JSON request on each
// line of standard input, one JSON answer on each line of standard output.
import { createInterface } from 'node:readline'
import * as ecc from '@bitcoinerlab/secp256k1'
import * as bitcoin from 'bitcoinjs-lib'
import { encodeFunctionData, getAddress, keccak256, parseAbi, parseTransaction, recoverTransactionAddress, serializeTransaction } from 'viem'

bitcoin.initEccLib(ecc)
const network = { ...bitcoin.networks.regtest }
const erc20 = parseAbi(['function transfer(address to, uint256 value)', 'function balanceOf(address account)'])
const hex = bytes => Buffer.from(bytes).toString('hex')
const bytes = text => Uint8Array.from(Buffer.from(text, 'hex'))
const text = value => JSON.parse(JSON.stringify(value, (_, each) => typeof each === 'bigint' ? each.toString() : each))

const questions = {
  multisig({ keys }) {
    const p2ms = bitcoin.payments.p2ms({ m: 2, pubkeys: keys.map(bytes), network })
    const p2wsh = bitcoin.payments.p2wsh({ redeem: p2ms, network })
    return { witnessScript: hex(p2ms.output), script: hex(p2wsh.output), address: p2wsh.address }
  },
  script: ({ address }) => ({ script: hex(bitcoin.address.toOutputScript(address, network)) }),
  address: ({ script }) => ({ address: bitcoin.address.fromOutputScript(bytes(script), network) }),
  transaction({ raw }) {
    const parsed = bitcoin.Transaction.fromHex(raw)
    return { id: parsed.getId(), witnessID: hex(parsed.getHash(true).reverse()), weight: parsed.weight(), virtualSize: parsed.virtualSize(), raw: parsed.toHex() }
  },
  digest: ({ raw, input, scriptCode, sats }) =>
    ({ digest: hex(bitcoin.Transaction.fromHex(raw).hashForWitnessV0(input, bytes(scriptCode), BigInt(sats), bitcoin.Transaction.SIGHASH_ALL)) }),
  der: ({ rs }) => ({ der: hex(bitcoin.script.signature.encode(bytes(rs), bitcoin.Transaction.SIGHASH_ALL)) }),
  verify: ({ key, digest, rs }) => ({ valid: ecc.verify(bytes(digest), bytes(key), bytes(rs), true) }),
  payload(request) {
    const { nonce, chainId, gas, to, data } = request
    const fields = { type: 'eip1559', chainId, nonce, gas: BigInt(gas), to, data, value: BigInt(request.value), maxFeePerGas: BigInt(request.maxFee), maxPriorityFeePerGas: BigInt(request.priorityFee) }
    const payload = serializeTransaction(fields)
    const signed = request.r && serializeTransaction(fields, { r: request.r, s: request.s, yParity: request.parity })
    return { payload, digest: keccak256(payload), signed, id: signed && keccak256(signed) }
  },
  async sender({ raw }) {
    return { sender: await recoverTransactionAddress({ serializedTransaction: raw }), fields: text(parseTransaction(raw)) }
  },
  checksum: ({ address }) => ({ address: getAddress(address) }),
  transfer: ({ to, atoms }) => ({ input: encodeFunctionData({ abi: erc20, functionName: 'transfer', args: [to, BigInt(atoms)] }) }),
  balanceOf: ({ account }) => ({ input: encodeFunctionData({ abi: erc20, functionName: 'balanceOf', args: [account] }) }),
}

for await (const line of createInterface({ input: process.stdin })) {
  const { ask, ...request } = JSON.parse(line)
  let answer
  try {
    answer = await questions[ask](request)
  } catch (fault) {
    answer = { fault: String(fault) }
  }
  process.stdout.write(JSON.stringify(answer) + '\n')
}
