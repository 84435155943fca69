//! The places of processes on the roster: who is to be served next, who is in a turn, who rests.

use std::collections::VecDeque;

use slab::Slab;

use crate::process::Process;

/// Where a process stands on the roster, from its making to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place(usize);

/// A process on the roster, held twice: to serve it, and to tell others whose callbacks run.
///
/// It moves from the roster to a turn and back, for to count handles costs more than much of what
/// is done in a turn.
pub(crate) struct Handles {
    pub(crate) process: Process,
    pub(crate) spare: Option<Process>,
}

impl Handles {
    pub(crate) fn of(process: &Process) -> Self {
        Handles {
            process: process.clone(),
            spare: Some(process.clone()),
        }
    }
}

/// The places of all processes of a network.
#[derive(Default)]
pub(super) struct Places {
    members: Slab<Member>,
    /// Those to be served next.
    ready: VecDeque<Place>,
    is_closed: bool,
}

/// What stands at one place.
struct Member {
    standing: Standing,
    /// Somebody waits for the process beside the roster.
    has_guests: bool,
    /// The process, while it rests or is to be served.
    handles: Option<Handles>,
}

/// How it stands with a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    /// It is not served: not yet, or not any more.
    Apart,
    /// Nothing is known that is to be done for it.
    Resting,
    /// It is to be served.
    Ready,
    /// It has its turn.
    Served,
    /// It has its turn, and was called meanwhile.
    Called,
}

/// What a call came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Called {
    /// There is one more to be served.
    pub(super) is_listed: bool,
    /// There are guests, who are not known of any more.
    pub(super) has_guests: bool,
}

impl Places {
    pub(super) fn reserve(&mut self) -> Place {
        Place(self.members.insert(Member {
            standing: Standing::Apart,
            has_guests: false,
            handles: None,
        }))
    }

    /// Takes the place away, and returns what is to be dropped where no lock is held.
    pub(super) fn vacate(&mut self, place: Place) -> Option<Handles> {
        self.members.try_remove(place.0)?.handles
    }

    /// Takes a process in; gives it back when there is no roster any more.
    pub(super) fn admit(&mut self, place: Place, handles: Handles) -> Option<Handles> {
        match self.members.get_mut(place.0) {
            Some(member) if !self.is_closed => {
                member.standing = Standing::Ready;
                self.ready.push_back(place);
                member.handles.replace(handles)
            }
            _ => Some(handles),
        }
    }

    pub(super) fn note_guests(&mut self, place: Place) {
        if let Some(member) = self.members.get_mut(place.0) {
            member.has_guests = true;
        }
    }

    /// Has a process served, once more if it has its turn.
    pub(super) fn call(&mut self, place: Place) -> Called {
        let mut called = Called::default();
        if let Some(member) = self.members.get_mut(place.0) {
            called.has_guests = std::mem::take(&mut member.has_guests);
            match member.standing {
                Standing::Resting => {
                    member.standing = Standing::Ready;
                    self.ready.push_back(place);
                    called.is_listed = true;
                }
                Standing::Served => member.standing = Standing::Called,
                Standing::Apart | Standing::Ready | Standing::Called => {}
            }
        }
        called
    }

    /// How many are to be served.
    pub(super) fn ready(&self) -> usize {
        self.ready.len()
    }

    /// Gives who is next its turn.
    pub(super) fn next(&mut self) -> Option<(Place, Handles)> {
        loop {
            let place = self.ready.pop_front()?;
            if self.is_ready(place)
                && let Some(member) = self.members.get_mut(place.0)
            {
                member.standing = Standing::Served;
                return Some((place, member.handles.take()?));
            }
        }
    }

    /// Lets go of a process unless it has its turn, and returns it.
    pub(super) fn dismiss(&mut self, place: Place) -> Option<Handles> {
        let member = self.members.get_mut(place.0)?;
        let handles = member.handles.take()?;
        member.standing = Standing::Apart;
        // Those who left before their turn stay on the list till it comes, but not at its end.
        while let Some(last) = self.ready.back()
            && !self.is_ready(*last)
        {
            self.ready.pop_back();
        }
        Some(handles)
    }

    /// Tells whether a process on the list is to be served still.
    fn is_ready(&self, place: Place) -> bool {
        let member = self.members.get(place.0);
        member.is_some_and(|member| member.standing == Standing::Ready)
    }

    /// Takes a process back after its turn; gives it back in turn when it is not to be served any
    /// more.
    pub(super) fn put_back(
        &mut self,
        place: Place,
        handles: Handles,
        is_over: bool,
    ) -> Option<Handles> {
        let Some(member) = self.members.get_mut(place.0) else {
            return Some(handles);
        };
        if is_over || self.is_closed {
            member.standing = Standing::Apart;
            return Some(handles);
        }
        if member.standing == Standing::Called {
            member.standing = Standing::Ready;
            self.ready.push_back(place);
        } else {
            member.standing = Standing::Resting;
        }
        member.handles.replace(handles)
    }

    /// Closes, and returns who was there.
    pub(super) fn close(&mut self) -> Vec<Handles> {
        self.is_closed = true;
        self.ready.clear();
        let members = self.members.iter_mut();
        let gone = members.filter_map(|(_, member)| {
            member.standing = Standing::Apart;
            member.handles.take()
        });
        gone.collect()
    }
}

#[cfg(test)]
mod tests {
    use netproc_address::Service;
    use netproc_keywords::Spec;

    use super::*;
    use crate::network::Network;

    /// Returns a process whose network is gone, to stand for any.
    fn process() -> Process {
        let network = Network::new();
        let spec = Spec::server("stands").service(Service::Any);
        network.open(spec).expect("a server")
    }

    /// Returns places with one process, which has its turn.
    fn in_turn() -> (Places, Place, Handles) {
        let mut places = Places::default();
        let place = places.reserve();
        assert!(places.admit(place, Handles::of(&process())).is_none());
        let (next, handles) = places.next().expect("a turn");
        assert_eq!(next, place);
        (places, place, handles)
    }

    #[test]
    fn a_call_gives_one_turn_and_one_in_a_turn_another() {
        let (mut places, place, handles) = in_turn();
        assert!(!places.call(place).is_listed && !places.call(place).is_listed);
        assert!(places.put_back(place, handles, false).is_none());
        let (_, handles) = places.next().expect("the turn it was called for");
        assert!(places.put_back(place, handles, false).is_none());
        assert!(places.next().is_none());
        assert!(places.call(place).is_listed && !places.call(place).is_listed);
        assert!(places.next().is_some() && places.next().is_none());
    }

    #[test]
    fn nobody_has_a_turn_twice_at_a_time() {
        let (mut places, place, _handles) = in_turn();
        places.call(place);
        assert!(places.next().is_none());
    }

    #[test]
    fn who_is_over_is_given_back_and_served_no_more() {
        let (mut places, place, handles) = in_turn();
        places.call(place);
        assert!(places.put_back(place, handles, true).is_some());
        assert!(!places.call(place).is_listed);
        assert!(places.next().is_none());
    }

    #[test]
    fn who_leaves_before_its_turn_does_not_hold_up_the_others() {
        let (mut places, place, handles) = in_turn();
        places.call(place);
        places.put_back(place, handles, false);
        let other = places.reserve();
        places.admit(other, Handles::of(&process()));
        assert!(places.dismiss(place).is_some());
        assert!(places.next().is_some_and(|(next, _)| next == other));
        assert!(places.next().is_none());
    }

    #[test]
    fn the_list_does_not_grow_by_those_who_come_and_go() {
        let mut places = Places::default();
        let process = process();
        for _ in 0..100 {
            let [first, second] = [places.reserve(), places.reserve()];
            for place in [first, second] {
                places.admit(place, Handles::of(&process));
            }
            for place in [first, second] {
                places.dismiss(place);
                places.vacate(place);
            }
        }
        assert_eq!(places.ready(), 0);
    }

    #[test]
    fn nobody_is_kept_once_the_places_are_closed() {
        let (mut places, place, handles) = in_turn();
        let other = places.reserve();
        places.admit(other, Handles::of(&process()));
        assert_eq!(places.close().len(), 1);
        assert!(places.put_back(place, handles, false).is_some());
        assert!(places.admit(other, Handles::of(&process())).is_some());
    }

    #[test]
    fn guests_are_told_of_once() {
        let mut places = Places::default();
        let place = places.reserve();
        places.note_guests(place);
        assert!(places.call(place).has_guests);
        assert!(!places.call(place).has_guests);
    }
}
