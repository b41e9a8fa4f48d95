//! Directives written out.

use super::{Composer, Piece};
use crate::docs::{directive::Directive, reference};
use app::model::{Block, Heading};

impl Composer<'_> {
    /// What a directive stands for; `None` where it stands for nothing.
    pub(super) fn expand(&mut self, directive: Directive) -> Option<Piece> {
        let block = match directive {
            Directive::Steps => return Some(Piece::Steps),
            Directive::EndSteps => return Some(Piece::EndSteps),
            Directive::Action(action) => Block::Action(action),
            Directive::BrowserKey => Block::BrowserKey,
            Directive::Lifecycle => Block::Lifecycle,
            Directive::Scopes => Block::Table(reference::scopes()),
            Directive::Endpoints(groups) => Block::Table(reference::endpoints(
                &groups,
                &self.draft.url,
                self.places,
                self.setting.contract,
            )),
            Directive::Problems => {
                let problems = reference::problems();
                for problem in &problems {
                    self.page.toc.push(Heading {
                        level: 3,
                        id: self.page.anchors.claim(&problem.slug),
                        text: problem.title.clone(),
                        method: None,
                    });
                }
                Block::Problems(problems)
            }
            Directive::Fields(card, side) => {
                let mut list = reference::fields(card, side, self.setting.contract)?;
                list.anchor = self.page.anchors.claim(&list.anchor);
                for (anchor, _) in reference::field_anchors(&list) {
                    self.page.anchors.claim(&anchor);
                }
                Block::Fields(list)
            }
            Directive::Operation(card) => {
                self.page.toc.push(Heading {
                    level: 2,
                    id: self.page.anchors.claim(card.spec.id),
                    text: card.spec.summary(),
                    method: Some(card.spec.method.as_str().to_owned()),
                });
                let block = reference::operation(card, self.places, self.setting);
                for (anchor, _) in reference::anchors(&block) {
                    self.page.anchors.claim(&anchor);
                }
                Block::Operation(Box::new(block))
            }
        };
        Some(Piece::Block(block))
    }
}
