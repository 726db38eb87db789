/**
 * What a question for a name holds from its second count on (RFC 1035, 4.1): one question, no answers, and the name
 * itself with the length of each label before it. Bytes in hexadecimal, one text for questions without a further record
 * and one for those with one (EDNS, RFC 6891). As the counts lead, `web` is not found in a question for `web.example` or `a.web`.
 * @throws Error where it is no name that a question can hold, or longer than iptables can compare
 */
export function questionsFor(name: string): readonly string[] {
  const labels = name.replace(/\.$/, '').split('.');
  const wire = labels.map((label) => {
    const bytes = Buffer.from(label, 'latin1');
    if (!/^[\w-]{1,63}$/.test(label)) throw new Error(`${JSON.stringify(name)} cannot be looked up by DNS`);
    return bytes.length.toString(16).padStart(2, '0') + bytes.toString('hex');
  });
  const questions = ['00', '01'].map((additional) => `00010000000000${additional}${wire.join('')}00`);
  if (questions.some((question) => question.length / 2 > longestPattern)) {
    throw new Error(`the name ${name} is too long: iptables compares ${longestPattern} bytes at most`);
  }
  return questions;
}

/** XT_STRING_MAX_PATTERN_SIZE of the kernel. */
const longestPattern = 128;
