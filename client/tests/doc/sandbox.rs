// Hidden lines of the examples in the documentation include this file.

/// Runs an example with a client of a sandbox tenant and the id of one of its pending tasks.
fn on_sandbox(
    example: impl AsyncFnOnce(
        v2024_task_management::Client,
        &str,
    ) -> Result<(), Box<dyn std::error::Error>>,
) -> Result<(), Box<dyn std::error::Error>> {
    tokio::runtime::Runtime::new()?.block_on(async {
        let options = v2024_sandbox::Options {
            tasks: 20,
            pending: 3,
            ..Default::default()
        };
        let sandbox = v2024_sandbox::Sandbox::start(options).await?;
        let settings = v2024_task_management::Settings::from_json(&sandbox.settings().to_string())?;
        let client = v2024_task_management::Client::new(settings)?;
        let pending: Vec<v2024_task_management::TaskStatus> =
            client.get_pending_tasks(Default::default()).await?.json()?;
        example(client, &pending[0].id).await
    })
}
