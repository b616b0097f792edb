/** Waiting tickets of one app, least attained service of their user first: a pairing heap linked through the tickets. */

/** What the heap needs of a ticket; the links are its own. */
export interface HeapTicket {
  /** Service that the user had, or will have had, when this ticket's turn comes; in token cost. */
  turn: number;
  /** Order of arrival; breaks ties. */
  sequence: number;
  child: HeapTicket | null;
  /** Next sibling. */
  next: HeapTicket | null;
  /** Previous sibling, or the parent when first. */
  previous: HeapTicket | null;
}

function isBefore(left: HeapTicket, right: HeapTicket): boolean {
  return left.turn < right.turn || (left.turn === right.turn && left.sequence < right.sequence);
}

function meld(left: HeapTicket | null, right: HeapTicket | null): HeapTicket | null {
  if (!left) return right;
  if (!right) return left;
  const [winner, loser] = isBefore(left, right) ? [left, right] : [right, left];
  loser.next = winner.child;
  if (winner.child) winner.child.previous = loser;
  loser.previous = winner;
  winner.child = loser;
  winner.next = null;
  winner.previous = null;
  return winner;
}

/** Joins siblings in pairs, then the pairs from the right; without recursion, as thousands may wait. */
function joinSiblings(first: HeapTicket | null): HeapTicket | null {
  let pairs: HeapTicket | null = null;
  let ticket = first;
  while (ticket) {
    const other: HeapTicket | null = ticket.next;
    const rest: HeapTicket | null = other ? other.next : null;
    ticket.next = null;
    ticket.previous = null;
    if (other) {
      other.next = null;
      other.previous = null;
    }
    const pair = meld(ticket, other) as HeapTicket;
    pair.next = pairs;
    pairs = pair;
    ticket = rest;
  }
  let joined: HeapTicket | null = null;
  while (pairs) {
    const rest: HeapTicket | null = pairs.next;
    pairs.next = null;
    joined = meld(joined, pairs);
    pairs = rest;
  }
  return joined;
}

/** Each returns the new head. */
export function pushTicket(head: HeapTicket | null, ticket: HeapTicket): HeapTicket {
  ticket.child = null;
  ticket.next = null;
  ticket.previous = null;
  return meld(head, ticket) as HeapTicket;
}

export function removeTicket(head: HeapTicket, ticket: HeapTicket): HeapTicket | null {
  const below = joinSiblings(ticket.child);
  ticket.child = null;
  if (ticket === head) return below;
  const before = ticket.previous as HeapTicket;
  if (before.child === ticket) before.child = ticket.next;
  else before.next = ticket.next;
  if (ticket.next) ticket.next.previous = before;
  ticket.next = null;
  ticket.previous = null;
  return meld(head, below);
}
