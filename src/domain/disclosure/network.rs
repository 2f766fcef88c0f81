//! What can be found out of sums: how small and how large one of them can be while all the others are as they were shown.
//!
//! Answers that stand in a figure from one showing to another are a flow between two points of time; what was shown is how much may flow
//! through each stretch between. So every question here is one of flows, and what whole numbers can do is found exactly.

use std::collections::VecDeque;

/// A flow that goes round, with bounds on each edge.
#[derive(Debug, Clone)]
pub(super) struct Network {
    edges: Vec<Edge>,
    /// The edges that begin or end at each node.
    at: Vec<Vec<usize>>,
}

#[derive(Debug, Clone, Copy)]
struct Edge {
    from: usize,
    to: usize,
    least: i64,
    most: i64,
    flow: i64,
}

impl Network {
    /// Points of time without any edge.
    pub(super) fn of(nodes: usize) -> Self {
        Self { edges: Vec::new(), at: vec![Vec::new(); nodes] }
    }

    /// Adds an edge on which between `least` and `most` flow; gives its number.
    pub(super) fn add(&mut self, from: usize, to: usize, least: i64, most: i64) -> usize {
        let number = self.edges.len();
        self.edges.push(Edge { from, to, least, most, flow: 0 });
        self.at[from].push(number);
        self.at[to].push(number);
        number
    }

    /// Finds a flow within all bounds; false if there is none.
    pub(super) fn settle(&mut self) -> bool {
        (0..self.edges.len()).all(|edge| self.bound(edge, self.edges[edge].least, self.edges[edge].most))
    }

    /// Tries something, and takes it back.
    pub(super) fn attempt<T>(&mut self, act: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.edges.clone();
        let result = act(self);
        self.edges = before;
        result
    }

    /// Narrows what may flow on an edge, and moves the flow into it; false if nothing can.
    pub(super) fn bound(&mut self, edge: usize, least: i64, most: i64) -> bool {
        let flow = self.edges[edge].flow;
        let (short, over) = ((least - flow).max(0), (flow - most).max(0));
        self.edges[edge].most = most;
        let moved = self.push(edge, true, short) == short && self.push(edge, false, over) == over;
        self.edges[edge].least = least;
        moved
    }

    /// The least and the most that can flow on an edge.
    pub(super) fn range(&mut self, edge: usize) -> (i64, i64) {
        self.push(edge, false, i64::MAX);
        let low = self.edges[edge].flow;
        self.push(edge, true, i64::MAX);
        (low, self.edges[edge].flow)
    }

    /// Moves the flow on an edge up or down by at most `wanted`, and others with it; gives by how much.
    fn push(&mut self, edge: usize, up: bool, wanted: i64) -> i64 {
        let Edge { from, to, least, most, flow } = self.edges[edge];
        let wanted = wanted.min(if up { most - flow } else { (flow - least).max(0) });
        let (start, end) = if up { (to, from) } else { (from, to) };
        let mut moved = 0;
        while moved < wanted {
            let Some((path, room)) = self.path(start, end, edge) else { break };
            let step = room.min(wanted - moved);
            for (on, forward) in path {
                self.edges[on].flow += if forward { step } else { -step };
            }
            self.edges[edge].flow += if up { step } else { -step };
            moved += step;
        }
        moved
    }

    /// The shortest way on which more can flow, without `not`, and how much.
    fn path(&self, start: usize, end: usize, not: usize) -> Option<(Vec<(usize, bool)>, i64)> {
        let mut came: Vec<Option<(usize, bool, i64)>> = vec![None; self.at.len()];
        let mut queue = VecDeque::from([start]);
        while let Some(node) = queue.pop_front() {
            for &number in self.at[node].iter().filter(|number| **number != not) {
                let edge = &self.edges[number];
                let (next, forward, room) = if edge.from == node {
                    (edge.to, true, edge.most - edge.flow)
                } else {
                    (edge.from, false, edge.flow - edge.least)
                };
                if room > 0 && came[next].is_none() {
                    came[next] = Some((number, forward, room));
                    queue.push_back(next);
                }
            }
        }
        let (mut path, mut room, mut node) = (Vec::new(), i64::MAX, end);
        while node != start {
            let (number, forward, here) = came[node]?;
            path.push((number, forward));
            room = room.min(here);
            node = if forward { self.edges[number].from } else { self.edges[number].to };
        }
        Some((path, room))
    }
}
