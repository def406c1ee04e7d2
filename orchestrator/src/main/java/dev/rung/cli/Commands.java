package dev.rung.cli;

import dev.rung.cli.Command.Noun;
import dev.rung.cli.Command.Verb;
import dev.rung.proto.v1.StudyAction;
import dev.rung.proto.v1.TrialAction;
import java.util.List;
import java.util.ServiceLoader;
import java.util.function.Supplier;

/** Every command, in the order of the help. */
final class Commands {
  private Commands() {}

  /** All of them; what starts a server is looked for when it is needed. */
  static List<Command> all() {
    return all(Commands::starter);
  }

  static List<Command> all(Supplier<ServerStarter> starter) {
    return List.of(
        new Verb(
            "quickstart",
            "Search real images with a server and trainers of its own, then show what came of it.",
            "rung quickstart --trials 20",
            Quickstart::new),
        new Verb(
            "serve",
            "Run a server until it is told to end.",
            "rung serve --data rung-data",
            console -> new Serve(console, starter)),
        new Verb(
            "trainer",
            "Run a trainer node (the launcher ./rung starts it).",
            "rung trainer --server 127.0.0.1:7350 --name trainer-1",
            NotHere::new),
        new Verb(
            "simulate",
            "Run a study on a virtual clock with simulated trainers.",
            "rung simulate --study docs/examples/simulated.yaml --synthetic constant",
            Simulate::new),
        new Verb(
            "doctor",
            "Tell how a server is, and what stands in its way.",
            "rung doctor --server 127.0.0.1:7350",
            Doctor::new),
        new Noun("study", "Searches.", studies()),
        new Noun("trial", "Assignments of a study and what became of them.", trials()),
        new Noun(
            "metric",
            "Metrics that come from outside.",
            List.of(
                new Verb(
                    "put",
                    "Give a trial a score that its trainer does not know.",
                    "rung metric put captions 7 rating 4.5",
                    MetricPut::new))),
        new Noun(
            "fleet",
            "The trainer nodes.",
            List.of(
                new Verb("list", "List the connected nodes.", "rung fleet list", FleetList::new),
                new Verb(
                    "slots",
                    "Count the slots that are wanted, free and busy, by kind.",
                    "rung fleet slots -o json",
                    FleetSlots::new),
                new Verb(
                    "drain",
                    "Have a node end in order: its trials go on elsewhere.",
                    "rung fleet drain gpu-7 --deadline 2m",
                    FleetDrain::new))),
        new Noun(
            "certs",
            "Certificates for TLS.",
            List.of(
                new Verb(
                    "init",
                    "Make an authority and a certificate of the server, or renew the latter.",
                    "rung certs init --dir rung-certs --host train.example.com",
                    CertsInit::new),
                new Verb(
                    "client",
                    "Make a certificate for a client of a server that asks for them.",
                    "rung certs client gpu-1 --dir rung-certs",
                    CertsClient::new))),
        new Noun("token", "Who may call a server.", tokens()));
  }

  private static List<Verb> studies() {
    return List.of(
        new Verb("list", "List studies, newest first.", "rung study list -o json", StudyList::new),
        new Verb(
            "validate",
            "Check a study file without a server; every error at once.",
            "rung study validate docs/examples/digits.yaml",
            StudyValidate::new),
        new Verb(
            "preview",
            "Show what a study would do, without a server and before anything is spent.",
            "rung study preview docs/examples/digits.yaml --trainers 2",
            StudyPreview::new),
        new Verb(
            "create",
            "Start a study.",
            "rung study create docs/examples/digits.yaml --wait",
            StudyCreate::new),
        new Verb("show", "Show a study as it is now.", "rung study show digits", StudyShow::new),
        new Verb(
            "wait",
            "Wait until a study has ended, showing how it goes on.",
            "rung study wait digits --timeout 10m",
            StudyWait::new),
        new Verb("watch", "The same as wait.", "rung study watch digits", StudyWait::new),
        new Verb(
            "pause",
            "Begin nothing new; running trials go on to their next rung.",
            "rung study pause digits",
            console -> new StudyControl(console, StudyAction.STUDY_ACTION_PAUSE)),
        new Verb(
            "resume",
            "Undo a pause.",
            "rung study resume digits",
            console -> new StudyControl(console, StudyAction.STUDY_ACTION_RESUME)),
        new Verb(
            "set",
            "Change the budget, the priority or the space; more budget lets an ended study go on.",
            "rung study set digits budget.trials=90 budget.parallel=8",
            StudySet::new),
        new Verb(
            "stop",
            "Let running trials go on to their next rung, then end the study.",
            "rung study stop digits",
            console -> new StudyControl(console, StudyAction.STUDY_ACTION_STOP)),
        new Verb(
            "cancel",
            "Stop every running trial now and end the study.",
            "rung study cancel digits",
            console -> new StudyControl(console, StudyAction.STUDY_ACTION_CANCEL)),
        new Verb(
            "export",
            "Write the whole history of a study as JSON Lines.",
            "rung study export digits --to digits.jsonl",
            StudyExport::new),
        new Verb(
            "replay",
            "Show what a study would have done with other settings, on its recorded curves.",
            "rung study replay digits --set algorithm.eta=4",
            StudyReplay::new));
  }

  private static List<Verb> tokens() {
    return List.of(
        new Verb(
            "list", "List the tokens, newest first.", "rung token list -o json", TokenList::new),
        new Verb(
            "create",
            "Make a token and print it, this once.",
            "rung token create --data rung-data --role trainer > trainer.token",
            TokenCreate::new),
        new Verb(
            "revoke",
            "Make a token worthless; streams that were opened with it end.",
            "rung token revoke 0123456789ab",
            TokenRevoke::new));
  }

  private static List<Verb> trials() {
    return List.of(
        new Verb("list", "List the trials of a study.", "rung trial list digits", TrialList::new),
        new Verb(
            "show", "Show a trial with its attempts.", "rung trial show digits 7", TrialShow::new),
        new Verb(
            "why",
            "Tell every decision about a trial and what it rests on.",
            "rung trial why digits best",
            TrialWhy::new),
        new Verb(
            "logs",
            "Print what a trial said while it trained.",
            "rung trial logs digits 7 --follow",
            TrialLogs::new),
        new Verb(
            "stop",
            "End a trial; one that runs is told to stop.",
            "rung trial stop digits 7",
            console -> new TrialControl(console, TrialAction.TRIAL_ACTION_STOP)),
        new Verb(
            "retry",
            "Let a failed trial go on from its last checkpoint.",
            "rung trial retry digits 7",
            console -> new TrialControl(console, TrialAction.TRIAL_ACTION_RETRY)),
        new Verb(
            "checkpoint",
            "Fetch the newest checkpoint of a trial.",
            "rung trial checkpoint digits best --to models",
            TrialCheckpoint::new));
  }

  private static ServerStarter starter() {
    return ServiceLoader.load(ServerStarter.class)
        .findFirst()
        .orElseThrow(() -> new Failure(Failure.FAILED, "this build of Rung has no server"));
  }
}
