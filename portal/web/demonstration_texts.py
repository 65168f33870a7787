"""Words of the demonstration program. A real program writes its own."""

PURPOSE = (
    "Invited artists make films with a model that is not public yet. Both sides are bound: what may be shared, who decides, "
    "what is paid and what ends access stands in one agreement, and every act of it is in a record that shows tampering."
)

SUMMARY = """You own what you make.
Before you show a film in public you ask; a reviewer answers with a reason.
Criticism of the program or of the model is never a reason to refuse.
Your films and prompts are not used to train anything.
What you learn about the unreleased model stays confidential until 30 June 2027.
Testing and feedback are voluntary; access never depends on them.
You can leave at any time and keep everything you made."""

AGREEMENT = """# Participation agreement

This agreement binds you and the program. It is a text for demonstration and no legal advice.

## 1. What you make

Films that you make here are yours. The program keeps a copy so that you can see and save it. It shows a film to nobody but you,
unless you ask for it or agree to it.

## 2. Sharing

You ask before you show a film in public. A reviewer who is not you and did not work on it answers. A refusal names its reason.
What you think of the program or of the model is never a reason to refuse. You can take a film back at any time; it is gone from
our pages at the next request.

## 3. Training

Nothing that you write or make here is used to train or to evaluate a model.

## 4. Confidentiality

What is not public about the model stays between us until 30 June 2027. That you take part, and what you think about it, is yours
to tell.

## 5. Work and pay

Testing, feedback and reports are voluntary. Nobody loses access for giving none. What the program pays for is said before you do it.

## 6. What ends access

The program can pause or close for everybody, for a cohort, or for one person; it says why. You keep reading and saving your own
works in every case. You can leave at any time.
"""
