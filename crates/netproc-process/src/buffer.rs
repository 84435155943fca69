//! The buffer of a process: text that grows where the process mark stands.

mod content;

use std::sync::Arc;

use netproc_lisp::Text;

use crate::message;
use content::{Content, Place};

/// Text that processes insert into, with markers (Emacs manual, Process Buffers).
///
/// Positions count characters from 1, as in Emacs; the end of an empty buffer is 1. Several
/// processes may share a buffer, each with a [`Marker`] of its own as its process mark.
/// Appending costs the length of what is appended, whatever the buffer holds.
///
/// # Examples
///
/// ```
/// use netproc_process::Buffer;
/// use netproc_lisp::Text;
///
/// let mut buffer = Buffer::new("*web*");
/// let mark = buffer.create_marker();
/// buffer.insert_at(mark, &Text::from("HTTP/1.1 200 OK\r\n"));
/// buffer.insert_event_at(mark, "web", "connection broken by remote peer\n");
/// assert_eq!(
///     buffer.text().as_str(),
///     Some("HTTP/1.1 200 OK\r\n\nProcess web connection broken by remote peer\n"),
/// );
/// ```
#[derive(Debug, Clone)]
#[doc(alias = "process-buffer")]
pub struct Buffer {
    name: Arc<str>,
    content: Content,
    point: Place,
    markers: Vec<Slot>,
    killed: bool,
}

/// A position in a [`Buffer`] that moves with the text around it, or that points nowhere.
///
/// It belongs to the buffer that made it; in another one it means whatever stands there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[doc(alias = "process-mark")]
pub struct Marker(u32);

#[derive(Debug, Clone, Copy)]
enum Slot {
    Vacant,
    Nowhere,
    At(Place),
}

impl Buffer {
    /// Returns an empty multibyte buffer.
    pub fn new(name: impl Into<Arc<str>>) -> Buffer {
        Buffer {
            name: name.into(),
            content: Content::new(true),
            point: Place::START,
            markers: Vec::new(),
            killed: false,
        }
    }

    /// Returns the name.
    #[doc(alias = "buffer-name")]
    pub fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// Returns the text. It is unibyte if the buffer is.
    #[doc(alias = "buffer-string")]
    pub fn text(&self) -> &Text {
        self.content.text()
    }

    /// Returns the number of characters.
    #[doc(alias = "buffer-size")]
    pub fn len(&self) -> usize {
        self.content.end().chars
    }

    /// Tells whether there is no text.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Tells whether the buffer holds characters; a unibyte one holds bytes.
    #[doc(alias = "enable-multibyte-characters")]
    pub fn is_multibyte(&self) -> bool {
        self.content.text().is_multibyte()
    }

    /// Makes the buffer hold characters or bytes, reading the same bytes anew. Default: characters.
    ///
    /// Markers and point stay at the same bytes, at the start of the character they fall into.
    #[doc(alias = "set-buffer-multibyte")]
    pub fn set_multibyte(&mut self, multibyte: bool) {
        if multibyte == self.is_multibyte() {
            return;
        }
        let text = self.content.text();
        let content = if multibyte {
            Content::from(Text::from_bytes(&text.as_bytes()))
        } else {
            Content::from(Text::unibyte(text.as_bytes().into_owned()))
        };
        let old = std::mem::replace(&mut self.content, content);
        let moved = |place: Place| self.content.at_plain_byte(old.plain_byte_of(place));
        self.point = moved(self.point);
        for slot in &mut self.markers {
            if let Slot::At(place) = slot {
                *place = moved(*place);
            }
        }
    }

    /// Returns the position of point, from 1 on. Default: the start.
    pub fn point(&self) -> usize {
        self.point.position()
    }

    /// Moves point; positions outside the text mean its nearest end.
    #[doc(alias = "goto-char")]
    pub fn set_point(&mut self, position: usize) {
        self.point = self.content.at_position(position);
    }

    /// Makes a marker that points nowhere.
    #[doc(alias = "make-marker")]
    pub fn create_marker(&mut self) -> Marker {
        let vacant = self
            .markers
            .iter()
            .position(|slot| matches!(slot, Slot::Vacant));
        let index = vacant.unwrap_or_else(|| {
            self.markers.push(Slot::Vacant);
            self.markers.len() - 1
        });
        self.markers[index] = Slot::Nowhere;
        // A buffer with 2³² markers does not fit into memory; the last ones would share a slot.
        Marker(u32::try_from(index).unwrap_or(u32::MAX))
    }

    /// Forgets a marker; it may be made again by [`create_marker`](Buffer::create_marker).
    pub fn remove_marker(&mut self, marker: Marker) {
        if let Some(slot) = self.slot_mut(marker) {
            *slot = Slot::Vacant;
        }
    }

    /// Returns where a marker points, from 1 on; `None` for nowhere.
    #[doc(alias = "marker-position")]
    pub fn marker(&self, marker: Marker) -> Option<usize> {
        self.place(marker).map(Place::position)
    }

    /// Points a marker to a position, or nowhere; positions outside the text mean its nearest end.
    #[doc(alias = "set-marker")]
    pub fn set_marker(&mut self, marker: Marker, position: Option<usize>) {
        let slot = match position {
            Some(position) => Slot::At(self.content.at_position(position)),
            None => Slot::Nowhere,
        };
        if let Some(old) = self.slot_mut(marker) {
            *old = slot;
        }
    }

    /// Points a marker to the end, as `set-process-buffer` does with the process mark.
    pub fn set_marker_to_end(&mut self, marker: Marker) {
        let end = Slot::At(self.content.end());
        if let Some(slot) = self.slot_mut(marker) {
            *slot = end;
        }
    }

    /// Inserts text where `mark` points, or at the end if it points nowhere, and leaves the mark
    /// after it.
    ///
    /// Other markers at that place end after the text too, and so does point if it stood there or
    /// later. A unibyte buffer takes the bytes of the text. A killed buffer takes nothing.
    #[doc(alias = "internal-default-process-filter")]
    pub fn insert_at(&mut self, mark: Marker, text: &Text) {
        if self.killed {
            return;
        }
        let at = self.place(mark).unwrap_or(self.content.end());
        let grown = self.content.insert(at, text);
        self.point.shift(at, grown);
        for slot in &mut self.markers {
            if let Slot::At(place) = slot {
                place.shift(at, grown);
            }
        }
        if let Some(slot) = self.slot_mut(mark) {
            *slot = Slot::At(at.plus(grown));
        }
    }

    /// Inserts what the default sentinel says about an event, as [`insert_at`](Buffer::insert_at).
    ///
    /// Nothing is said about `open` and `open from …`: the process runs.
    #[doc(alias = "internal-default-process-sentinel")]
    pub fn insert_event_at(&mut self, mark: Marker, process: &str, event: &str) {
        if !event.starts_with("open") {
            self.insert_at(mark, &Text::from(message::default_sentinel(process, event)));
        }
    }

    /// Removes all text; markers that point somewhere point to the start.
    #[doc(alias = "erase-buffer")]
    pub fn erase(&mut self) {
        self.content.clear();
        self.point = Place::START;
        for slot in &mut self.markers {
            if let Slot::At(place) = slot {
                *place = Place::START;
            }
        }
    }

    /// Removes all text and returns it.
    pub fn take(&mut self) -> Text {
        let empty = Content::new(self.is_multibyte());
        let text = std::mem::replace(&mut self.content, empty).into_text();
        self.erase();
        text
    }

    /// Kills the buffer: it is empty, takes no more text, and its markers point nowhere.
    ///
    /// Whoever owns the processes deletes those that have this buffer.
    #[doc(alias = "kill-buffer")]
    pub fn kill(&mut self) {
        self.killed = true;
        self.content = Content::new(self.is_multibyte());
        self.point = Place::START;
        for slot in &mut self.markers {
            if let Slot::At(_) = slot {
                *slot = Slot::Nowhere;
            }
        }
    }

    /// Tells whether the buffer was killed.
    pub fn is_killed(&self) -> bool {
        self.killed
    }

    fn place(&self, marker: Marker) -> Option<Place> {
        match self.markers.get(marker.0 as usize) {
            Some(Slot::At(place)) => Some(*place),
            _ => None,
        }
    }

    fn slot_mut(&mut self, marker: Marker) -> Option<&mut Slot> {
        self.markers
            .get_mut(marker.0 as usize)
            .filter(|slot| !matches!(slot, Slot::Vacant))
    }
}

#[cfg(test)]
mod tests;
