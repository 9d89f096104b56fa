//! For whom a file is sealed: adding wraps its key once more, removing makes a new one.

use crate::cipher::{self, DataKey};
use crate::comment;
use crate::error::Error;
use crate::leaf::What;
use crate::meta::Wrapped;
use crate::opened::Opened;
use crate::recipient::Recipient;
use crate::sealed::Sealed;
use crate::text::{Stretch, at, column, edited, line_break, line_end};
use crate::wrap::wrap;

impl Opened {
    /// Seals it for these recipients and no others, and says whether anything changed.
    ///
    /// Where all that it has stay, the new ones are added behind them and nothing else changes. Else it gets a new
    /// data key, and everything is encrypted anew: who was removed can't read what is written from now on. What they
    /// read before, they know: change it too.
    ///
    /// # Errors
    /// [`Error::NoRecipients`]. [`Error::Unsupported`]: it is sealed with other kinds of keys too, for which a new data
    /// key can't be wrapped.
    pub fn set_recipients(&mut self, wanted: &[Recipient]) -> Result<bool, Error> {
        if wanted.is_empty() {
            return Err(Error::NoRecipients);
        }
        let has = |wrapped: &Wrapped| wanted.iter().any(|r| r.as_str() == wrapped.recipient);
        let stays: Vec<&Wrapped> = self.sealed.meta.age.iter().filter(|w| has(w)).collect();
        let all_stay = stays.len() == self.sealed.meta.age.len();
        let mut new: Vec<Recipient> = Vec::new();
        for recipient in wanted {
            let known = stays
                .iter()
                .any(|wrapped| wrapped.recipient == recipient.as_str());
            if !known && !new.contains(recipient) {
                new.push(recipient.clone());
            }
        }
        if all_stay {
            return self.add(&new);
        }
        let stays = stays
            .iter()
            .map(|wrapped| Recipient::parse(&wrapped.recipient));
        let mut recipients = stays.collect::<Result<Vec<_>, _>>()?;
        recipients.append(&mut new);
        self.seal_anew(&recipients)?;
        Ok(true)
    }

    /// Seals it for one more recipient, and says whether that is new.
    ///
    /// # Errors
    /// [`Error::Unsupported`]: the list of recipients is written in brackets.
    pub fn add_recipient(&mut self, recipient: &Recipient) -> Result<bool, Error> {
        if self
            .sealed
            .recipients()
            .any(|known| known == recipient.as_str())
        {
            return Ok(false);
        }
        self.add(std::slice::from_ref(recipient))
    }

    /// Takes a recipient away, as [`set_recipients`](Opened::set_recipients) does, and says whether there was one.
    ///
    /// # Errors
    /// [`Error::NoRecipients`]: it is the only one. [`Error::BadRecipient`], [`Error::Unsupported`]: another key that
    /// stays is of a kind that a new data key can't be wrapped for.
    pub fn remove_recipient(&mut self, recipient: &str) -> Result<bool, Error> {
        let known = self.sealed.recipients().count();
        let stays = self.sealed.recipients().filter(|known| *known != recipient);
        let stays = stays.map(Recipient::parse).collect::<Result<Vec<_>, _>>()?;
        if stays.len() == known {
            return Ok(false);
        }
        if stays.is_empty() {
            return Err(Error::NoRecipients);
        }
        self.seal_anew(&stays)?;
        Ok(true)
    }

    /// Encrypts everything with a new data key, for the same recipients.
    ///
    /// # Errors
    /// [`Error::BadRecipient`], [`Error::Unsupported`]: a new data key can't be wrapped for all its keys.
    pub fn rotate(&mut self) -> Result<(), Error> {
        let same = self.sealed.recipients().map(Recipient::parse);
        let same = same.collect::<Result<Vec<_>, _>>()?;
        self.seal_anew(&same)
    }

    fn add(&mut self, new: &[Recipient]) -> Result<bool, Error> {
        if new.is_empty() {
            return Ok(false);
        }
        let sealed = &self.sealed;
        let list = list(sealed)?;
        let place = line_end(&sealed.text, list.end);
        let mut lines = String::new();
        for recipient in new {
            lines.push_str(line_break(&sealed.text));
            lines.push_str(&" ".repeat(column(&sealed.text, list.start)));
            lines.push_str(&item(
                sealed,
                &list,
                recipient,
                &wrap(&self.key, recipient)?,
            ));
        }
        self.take(edited(&self.sealed.text, vec![(place..place, lines)])?)?;
        Ok(true)
    }

    fn seal_anew(&mut self, recipients: &[Recipient]) -> Result<(), Error> {
        let sealed = &self.sealed;
        if !sealed.meta.others.is_empty() {
            let others = sealed.meta.others.join(", ");
            return Err(Error::unsupported(format!(
                "a new data key for keys of {others}"
            )));
        }
        let key = DataKey::generate()?;
        let mut edits = comment::resealed(sealed, &self.key, &key)?;
        for (leaf, plain) in self.leaves() {
            if let (What::Sealed(_), Some(plain)) = (&leaf.what, plain) {
                let place = cipher::place(&leaf.path);
                let written = key.seal(plain.value.expose(), plain.of, &place)?;
                edits.push((leaf.stretch.clone(), written));
            }
        }
        let list = list(sealed)?;
        let between =
            line_break(&sealed.text).to_owned() + &" ".repeat(column(&sealed.text, list.start));
        let items = recipients.iter().map(|recipient| {
            let enc = wrap(&key, recipient)?;
            Ok(item(sealed, &list, recipient, &enc))
        });
        let items = items.collect::<Result<Vec<_>, Error>>()?.join(&between);
        edits.push((list, items));
        let text = edited(&sealed.text, edits)?;
        self.take_with(text, key)
    }
}

/// The list of recipients.
fn list(sealed: &Sealed) -> Result<Stretch, Error> {
    let list = sealed.meta.age_at.clone();
    let list = list.filter(|list| at(&sealed.text, list.clone()).starts_with('-'));
    list.ok_or_else(|| Error::unsupported("a list of recipients that isn't written one a line"))
}

/// A recipient as it stands in the list, without the blanks before it and the line break behind it.
fn item(sealed: &Sealed, list: &Stretch, recipient: &Recipient, enc: &str) -> String {
    let first = sealed
        .meta
        .age
        .first()
        .is_some_and(|wrapped| wrapped.recipient_first);
    let end = line_break(&sealed.text);
    written(recipient, enc, column(&sealed.text, list.start), first).replace('\n', end)
}

/// A recipient as sops writes it, the dash standing at a column.
pub(crate) fn written(
    recipient: &Recipient,
    enc: &str,
    dash: usize,
    recipient_first: bool,
) -> String {
    let inner = " ".repeat(dash + 4);
    let lines: Vec<String> = enc
        .trim_end()
        .lines()
        .map(|line| format!("{inner}{line}"))
        .collect();
    let enc = format!("enc: |\n{}", lines.join("\n"));
    let recipient = format!("recipient: {recipient}");
    let between = format!("\n{}", " ".repeat(dash + 2));
    if recipient_first {
        format!("- {recipient}{between}{enc}")
    } else {
        format!("- {enc}{between}{recipient}")
    }
}
